#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace testdome_sync::http {

/// SHA-256 of the parts, as 64 hexadecimal digits: tells whether two credentials are the same without keeping them.
/// Parts can't run into each other.
std::string digest(std::initializer_list<std::string_view> parts);

} // namespace testdome_sync::http
