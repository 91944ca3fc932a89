#pragma once

#include <string>

namespace testdome_sync::sandbox {

/// testdome-sync.yaml for the sandbox at this address.
std::string example_settings(const std::string& url, int invitations_limit);

/// The README's mapping with the sandbox's addresses.
std::string example_mapping(const std::string& url, const std::string& hr_system = "greenhouse");

} // namespace testdome_sync::sandbox
