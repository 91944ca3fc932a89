#pragma once

#include <string>
#include <vector>

namespace CLI { // NOLINT(readability-identifier-naming): the library's
class App;
} // namespace CLI

namespace testdome_sync::daemon {

/// What completes a value in a shell.
enum class value_kind { none, text, file, folder };

/// An option, a flag (`kind` is none) or a positional argument (no `names`).
struct option_description {
    std::vector<std::string> names; ///< `--config`, dashes included
    std::string value;              ///< what stands for its value: `FILE`; empty for a flag
    value_kind kind = value_kind::none;
    std::string description;
    bool required = false;
    bool repeated = false;
};

/// A command with what belongs to it. The root is the program itself; its options are taken by every command.
struct command_description {
    std::vector<std::string> path; ///< `{"preset", "test"}`; the root's is empty
    std::string description;
    std::vector<option_description> options;
    std::vector<command_description> commands;
};

/// The command line as the program knows it, without what is hidden (CLI11's empty group): manual page and shell
/// completion are made of it, so that they can't say anything else.
command_description describe_commands(const CLI::App& app);

/// The root and every command below it, parents first. Pointers into `root`.
std::vector<const command_description*> all_commands(const command_description& root);

} // namespace testdome_sync::daemon
