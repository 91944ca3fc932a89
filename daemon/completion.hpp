#pragma once

#include "daemon/command_tree.hpp"

#include <string>

namespace testdome_sync::daemon {

// What a shell is given so that it completes commands, options, files and folders. Each is a whole file; the package
// installs them where the shells look.
std::string bash_completion(const command_description& root);
std::string zsh_completion(const command_description& root);
std::string fish_completion(const command_description& root);

} // namespace testdome_sync::daemon
