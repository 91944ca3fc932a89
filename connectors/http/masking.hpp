#pragma once

#include "config/secret.hpp"

#include <string>
#include <vector>

namespace testdome_sync::http {

/// `text` with each of the secrets replaced by `…`: some services repeat in an error what was sent to them. What is
/// shorter than six characters is no secret that anybody could keep, and is left.
std::string without(std::string text, const std::vector<config::secret>& secrets);

} // namespace testdome_sync::http
