#include "connectors/exec/description.hpp"

#include "config/checks.hpp"
#include "connectors/application_template.hpp"
#include "connectors/exec/protocol.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <filesystem>

#include <sys/stat.h>

namespace testdome_sync::exec {
namespace {

constexpr std::string_view least_environment = "PATH=/usr/local/bin:/usr/bin:/bin";
constexpr std::uint64_t mebibyte = 1024 * 1024;
constexpr std::uint64_t memory_by_default = 256 * mebibyte;

std::string below(const std::string& directory, const std::string& path)
{
    return (std::filesystem::path(directory) / path).lexically_normal().string();
}

/// A problem if the file is there and can't be meant, or could be exchanged by anybody.
void check_program(const std::string& path, const config::position& where, config::problems& found)
{
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        if (errno == ENOENT || errno == ENOTDIR)
            found.add(where, "there is no program " + path);
        return; // it may be this user who can't see it
    }
    if (!S_ISREG(status.st_mode) || (status.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) == 0)
        found.add(where, path + " is no program that can be executed; chmod 755 " + path);
    else if ((status.st_mode & S_IWOTH) != 0)
        found.add(where, "the program " + path + " can be changed by everybody on this machine; chmod o-w " + path);
}

void read_command(config::reader& in, description& into)
{
    const auto* value = in.require("command");
    if (!value)
        return;
    const auto refuse_tag = [&](const config::node& one) {
        if (!one.tag.empty())
            in.found().add(one.where, "everybody on this machine can see the command of a program, so it is written "
                                      "out; give it what " +
                                          one.tag + " holds by environment: {NAME: " + one.tag + " …}");
        return !one.tag.empty();
    };
    if (refuse_tag(*value) || std::ranges::count_if(value->items, refuse_tag) > 0)
        return;
    auto& command = into.program.command;
    command = in.texts("command");
    if (command.empty() || command.front().empty()) {
        in.found().add(value->where, "\"command\" is a list: the program, then its arguments");
        return;
    }
    const auto& where = value->items.empty() ? value->where : value->items.front().where;
    if (command.front().find('/') == std::string::npos) {
        in.found().add(where, "\"" + command.front() + "\" is not looked for in $PATH; write out where it is, as in " +
                                  "/usr/local/bin/" + command.front());
        return;
    }
    command.front() = below(in.sources().base_directory, command.front());
    check_program(command.front(), where, in.found());
}

bool is_variable_name(std::string_view name)
{
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    }) && !(name.front() >= '0' && name.front() <= '9');
}

std::string in_lower_case(std::string text)
{
    std::ranges::transform(text, text.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

void read_environment(config::reader& in, description& into)
{
    auto& environment = into.program.environment;
    const auto* value = in.child("environment");
    if (!value || !value->find("PATH"))
        environment.emplace_back(std::string(least_environment));
    if (!value)
        return;
    if (value->kind != config::node_kind::mapping || !value->tag.empty()) {
        in.found().add(value->where, "\"environment\" must be a mapping of names to values");
        return;
    }
    for (const auto& [key, member] : value->members) {
        if (!is_variable_name(key.text))
            in.found().add(key.where, "\"" + key.text + "\" is no name of an environment variable");
        const bool secret = !member.tag.empty() || config::names_a_secret(in_lower_case(key.text));
        if (secret)
            config::refuse_public_secret(member, in.found());
        auto text = config::resolve_text(member, in.sources(), in.found());
        if (!text)
            continue;
        if (secret)
            into.secrets.emplace_back(*text);
        environment.emplace_back(key.text + '=' + *text);
    }
}

/// `512 MiB`, `2 GiB`, or `none`.
std::optional<std::uint64_t> read_memory(config::reader& in)
{
    const auto text = in.text("memory", "256 MiB");
    if (text == "none")
        return std::nullopt;
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    if (unit.starts_with(' '))
        unit.remove_prefix(1);
    const std::uint64_t each = unit == "MiB" ? mebibyte : unit == "GiB" ? 1024 * mebibyte : 0;
    if (error == std::errc{} && each != 0 && number >= 1 && number <= 1024 * 1024 && number * each >= 4 * mebibyte)
        return number * each;
    const auto& written = *in.child("memory");
    in.found().add(written.where, "\"memory\" is written as 256 MiB, 2 GiB or none, and is at least 4 MiB, not " +
                                      config::shown_value(written, text));
    return memory_by_default;
}

void read_times(config::reader& in, description& into)
{
    using std::chrono::ceil;
    using std::chrono::seconds;
    const auto duration = [&](const char* key, std::chrono::milliseconds& into_value, seconds least, seconds most) {
        const auto read = in.duration(key, ceil<seconds>(into_value));
        if (read < least || read > most)
            in.found().add(in.child(key)->where, "\"" + std::string(key) + "\" must be from " +
                                                     std::to_string(least.count()) + "s to " +
                                                     std::to_string(most.count()) + "s");
        into_value = read;
    };
    duration("timeout", into.timeout, seconds{1}, seconds{3600});
    duration("idle", into.idle, seconds{0}, seconds{86400});
}

void read_actions(config::reader& in, description& into)
{
    const auto* value = in.child("actions");
    if (!value)
        return;
    if (value->kind != config::node_kind::mapping) {
        in.found().add(value->where,
                       "\"actions\" must be a mapping of names to idempotent, checkable or uncertain, as in {note: "
                       "checkable}");
        return;
    }
    static const std::vector<std::string> names{"idempotent", "checkable", "uncertain"};
    config::reader of(*value, "\"actions\"", in.library(), in.sources(), in.found());
    for (const auto& [key, member] : value->members) {
        const auto repeats = of.choice(key.text, "uncertain", names);
        into.actions.emplace(key.text, *repeatability_named(repeats));
    }
}

void read_used_actions(const config::mapping& mapping, description& into, config::problems& found)
{
    std::vector<std::string> known;
    std::string list;
    for (const auto& [name, repeats] : into.actions) {
        known.push_back(name);
        list += (list.empty() ? "" : ", ") + name;
    }
    const auto help = [&](const std::string& name) {
        return known.empty() ? "; write actions: {" + name + ": uncertain}, or idempotent, or checkable"
                             : config::did_you_mean(name, known) + " (it has: " + list + ')';
    };
    for (const auto& [event, actions] : mapping.write_back)
        for (const auto& action : actions) {
            if (!into.actions.contains(action.name))
                found.add(action.where, "\"actions\" does not say what the program's action \"" + action.name +
                                            "\" is" + help(action.name));
            if (std::ranges::count(into.used, action.name, &used_action::name) == 0)
                into.used.push_back({action.name, action.where});
        }
}

void read_application(config::reader& in, description& into)
{
    if (const auto* application = in.child("application"))
        into.application = connectors::read_application(*application, in);
}

} // namespace

std::optional<description> read_description(const config::mapping& mapping, config::problems& found)
{
    const auto before = found.list().size();
    description into;
    into.mapping = mapping.name;
    if (!mapping.credential_positions.empty())
        found.add(mapping.credentials_where, "\"exec\" has no credentials of its own; give them to the program by "
                                             "environment: {NAME: !credential …}");
    {
        config::reader in(mapping.connector_settings, "the mapping file", *mapping.library, mapping.sources, found);
        read_command(in, into);
        read_environment(in, into);
        into.program.working_directory = below(mapping.sources.base_directory, in.text("working_directory", "/"));
        into.program.memory_bytes = read_memory(in);
        read_times(in, into);
        read_actions(in, into);
        read_application(in, into);
    }
    read_used_actions(mapping, into, found);
    return found.list().size() == before ? std::optional(std::move(into)) : std::nullopt;
}

} // namespace testdome_sync::exec
