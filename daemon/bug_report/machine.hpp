#pragma once

#include <string>

namespace testdome_sync::bug_report {

/// What runs here: libraries that the program is linked with, Debian, kernel, systemd, and how the service is. No name
/// of the machine or of a person.
std::string machine_text();

} // namespace testdome_sync::bug_report
