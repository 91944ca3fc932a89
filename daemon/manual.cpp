#include "daemon/manual.hpp"

#include <string_view>

namespace testdome_sync::daemon {
namespace {

/// scdoc's own characters get a backslash.
std::string escaped(std::string_view text)
{
    std::string made;
    for (const char c : text) {
        if (std::string_view("\\*_`<>#[]").find(c) != std::string_view::npos)
            made += '\\';
        made += c;
    }
    return made;
}

std::string value_of(const option_description& option)
{
    return '_' + escaped(option.value) + '_' + (option.repeated ? "..." : "");
}

std::string synopsis(const command_description& command)
{
    std::string text;
    for (const auto& word : command.path)
        text += (text.empty() ? "" : " ") + escaped(word);
    text = '*' + text + '*';
    for (const auto& option : command.options)
        if (option.names.empty())
            text += option.required ? ' ' + value_of(option) : " \\[" + value_of(option) + "\\]";
    return text;
}

std::string paragraph(const std::string& indent, const std::string& term, const std::string& description)
{
    return indent + term + '\n' + (description.empty() ? "" : indent + '\t' + escaped(description) + '\n') + '\n';
}

std::string options(const command_description& command, const std::string& indent)
{
    std::string text;
    for (const auto& option : command.options) {
        if (option.names.empty() || option.names.back() == "--help")
            continue;
        std::string term;
        for (const auto& name : option.names)
            term += (term.empty() ? "*" : ", *") + escaped(name) + '*';
        text += paragraph(indent, term + (option.value.empty() ? "" : ' ' + value_of(option)), option.description);
    }
    return text;
}

} // namespace

std::string manual_of_commands(const command_description& root)
{
    std::string text = "# OPTIONS\n\nEvery command takes these.\n\n" + options(root, "") + "# COMMANDS\n\n";
    for (const auto* command : all_commands(root)) {
        if (command == &root || !command->commands.empty())
            continue;
        text += paragraph("", synopsis(*command), command->description);
        for (const auto& option : command->options)
            if (option.names.empty() && !option.description.empty())
                text += paragraph("\t", value_of(option), option.description);
        text += options(*command, "\t");
    }
    return text;
}

} // namespace testdome_sync::daemon
