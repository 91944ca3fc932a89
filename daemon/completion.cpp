#include "daemon/completion.hpp"

#include <algorithm>
#include <functional>
#include <string_view>

namespace testdome_sync::daemon {
namespace {

/// ` preset test`: how a command's path is spelled in the scripts. The root is the empty text.
std::string spelled(const command_description& command)
{
    std::string text;
    for (const auto& word : command.path)
        text += ' ' + word;
    return text;
}

/// In single quotes, for any of the three shells; what stands before `special` gets a backslash.
std::string quoted(std::string_view text, std::string_view special = {})
{
    std::string made = "'";
    for (const char c : text) {
        if (special.find(c) != std::string_view::npos)
            made += '\\';
        if (c == '\'')
            made += "'\\''";
        else
            made += c;
    }
    return made + '\'';
}

/// The options of a command, and the program's own, which every command takes.
std::vector<option_description> options_of(const command_description& root, const command_description& command)
{
    auto options = command.options;
    if (&command != &root)
        for (const auto& common : root.options)
            if (std::ranges::find(common.names, "--help") == common.names.end() &&
                std::ranges::find(common.names, "--version") == common.names.end())
                options.push_back(common);
    return options;
}

const option_description* argument_of(const command_description& command)
{
    const auto found =
        std::ranges::find_if(command.options, [](const option_description& one) { return one.names.empty(); });
    return found == command.options.end() ? nullptr : &*found;
}

/// Walks over the words before the cursor, so that `command` becomes the command that they name. bash and zsh alike.
std::string find_command(const command_description& root, const std::string& from, const std::string& to,
                         const std::string& word)
{
    std::string text =
        "    for ((i = " + from + "; i < " + to + "; ++i)); do\n        case \"$command " + word + "\" in\n";
    for (const auto* command : all_commands(root))
        if (command != &root)
            text += "            " + quoted(spelled(*command)) + ") command=" + quoted(spelled(*command)) + " ;;\n";
    return text + "        esac\n    done\n";
}

/// The `case` that completes an option's value, which stands behind the option's name.
std::string value_cases(const command_description& root, const std::string& files, const std::string& folders)
{
    std::string text;
    for (const auto* command : all_commands(root))
        for (const auto& option : options_of(root, *command)) {
            std::string names;
            for (const auto& name : option.names)
                names += (names.empty() ? "" : "|") + quoted(spelled(*command) + ' ' + name);
            if (names.empty() || option.kind == value_kind::none)
                continue;
            text += "        " + names + ") " +
                    (option.kind == value_kind::file     ? files + "; "
                     : option.kind == value_kind::folder ? folders + "; "
                                                         : "") +
                    "return ;;\n";
        }
    return text;
}

/// One `case` for each command: `words` of it.
std::string cases(const command_description& root, const std::function<std::string(const command_description&)>& words)
{
    std::string text = "    case \"$command\" in\n";
    for (const auto* command : all_commands(root))
        text += "        " + quoted(spelled(*command)) + ") " + words(*command) + " ;;\n";
    return text + "    esac\n";
}

std::string bash_words(const command_description& root, const command_description& command)
{
    std::string words;
    for (const auto& below : command.commands)
        words += below.path.back() + ' ';
    for (const auto& option : options_of(root, command))
        for (const auto& name : option.names)
            words += name + ' ';
    if (!words.empty())
        words.pop_back();
    return words;
}

std::string zsh_lists(const command_description& root, const command_description& command)
{
    std::string commands, options;
    for (const auto& below : command.commands)
        commands += ' ' + quoted(below.path.back() + ':' + below.description);
    for (const auto& option : options_of(root, command))
        for (const auto& name : option.names)
            options += ' ' + quoted(name + ':' + option.description);
    std::string text = "commands=(" + (commands.empty() ? "" : commands.substr(1)) + "); options=(" +
                       (options.empty() ? "" : options.substr(1)) + ')';
    if (const auto* argument = argument_of(command); argument && argument->kind == value_kind::file)
        text += "; _files";
    return text;
}

/// When fish offers what belongs to a command: its words have been written, and none of a command below it.
std::string fish_condition(const command_description& command)
{
    std::string condition;
    for (const auto& word : command.path)
        condition += (condition.empty() ? "" : "; and ") + ("__fish_seen_subcommand_from " + word);
    std::string below;
    for (const auto& one : command.commands)
        below += ' ' + one.path.back();
    if (!below.empty())
        condition += (condition.empty() ? "" : "; and ") + ("not __fish_seen_subcommand_from" + below);
    return condition;
}

std::string fish_option(const option_description& option)
{
    std::string text;
    for (const auto& name : option.names)
        text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    switch (option.kind) {
    case value_kind::none: break;
    case value_kind::text: text += " -x"; break;
    case value_kind::file: text += " -r -F"; break;
    case value_kind::folder: text += " -x -a '(__fish_complete_directories)'"; break;
    }
    return text + " -d " + quoted(option.description, "\\");
}

} // namespace

std::string bash_completion(const command_description& root)
{
    std::string text =
        "# Made by `testdome-sync completion bash`.\n_testdome_sync() {\n"
        "    local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command= words= i\n"
        "    COMPREPLY=()\n";
    text += find_command(root, "1", "COMP_CWORD", "${COMP_WORDS[i]}");
    text += "    case \"$command $previous\" in\n" +
            value_cases(root, "compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- \"$word\")",
                        "compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- \"$word\")") +
            "    esac\n";
    text += cases(root, [&](const command_description& command) {
        const auto* argument = argument_of(command);
        return "words=" + quoted(bash_words(root, command)) +
               (argument && argument->kind == value_kind::file
                    ? "; compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- \"$word\")"
                    : "");
    });
    return text +
           "    COMPREPLY+=($(compgen -W \"$words\" -- \"$word\"))\n}\ncomplete -F _testdome_sync testdome-sync\n";
}

std::string zsh_completion(const command_description& root)
{
    std::string text = "#compdef testdome-sync\n# Made by `testdome-sync completion zsh`.\n_testdome_sync() {\n"
                       "    local command= previous=${words[CURRENT-1]} i\n    local -a commands options\n";
    text += find_command(root, "2", "CURRENT", "${words[i]}");
    text += "    case \"$command $previous\" in\n" + value_cases(root, "_files", "_files -/") + "    esac\n";
    text += cases(root, [&](const command_description& command) { return zsh_lists(root, command); });
    return text + "    (( $#commands )) && _describe command commands\n    _describe -o option options\n}\n"
                  "if [ \"$funcstack[1]\" = \"_testdome-sync\" ]; then\n    _testdome_sync \"$@\"\nelse\n"
                  "    compdef _testdome_sync testdome-sync\nfi\n";
}

std::string fish_completion(const command_description& root)
{
    std::string text = "# Made by `testdome-sync completion fish`.\ncomplete -c testdome-sync -f\n";
    for (const auto* command : all_commands(root)) {
        const auto condition = fish_condition(*command);
        const auto when = "complete -c testdome-sync" + (condition.empty() ? "" : " -n " + quoted(condition));
        for (const auto& below : command->commands)
            text += when + " -a " + below.path.back() + " -d " + quoted(below.description, "\\") + '\n';
        if (const auto* argument = argument_of(*command); argument && argument->kind == value_kind::file)
            text += when + " -F\n";
        for (const auto& option : options_of(root, *command))
            if (!option.names.empty())
                text += when + fish_option(option) + '\n';
    }
    return text;
}

} // namespace testdome_sync::daemon
