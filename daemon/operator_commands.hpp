#pragma once

#include "daemon/commands.hpp"

#include <functional>

namespace CLI { // NOLINT(readability-identifier-naming): the library's own name
class App;
}

namespace testdome_sync::daemon {

/// Adds a command to the command line; it is carried out when it is given.
using command_adder = std::function<CLI::App*(const char* name, const char* what, std::function<int()> carry_out)>;

/// What a person can do about what the ledger holds: decisions, export, backup. `common` outlives the command line.
void add_operator_commands(const command_adder& add, const common_options& common);

} // namespace testdome_sync::daemon
