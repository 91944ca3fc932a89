#pragma once

#include "daemon/command_tree.hpp"

#include <string>

namespace testdome_sync::daemon {

/// The part of testdome-sync(1) that the program itself knows, in scdoc(5): the options that every command takes, then
/// each command with its arguments and options.
std::string manual_of_commands(const command_description& root);

} // namespace testdome_sync::daemon
