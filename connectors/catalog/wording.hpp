#pragma once

#include "config/node.hpp"

#include <string>

namespace testdome_sync::catalog {

/// Parts of a preset in words, for people who choose a connector. Each accepts null for a part that isn't there.
std::string sign_in_in_words(const config::node* auth);
std::string limits_in_words(const config::node* rate_limit);

/// How a poll finds what is new: `what changed since the last poll`, and what else is asked for.
std::string reading_in_words(const config::node& preset);

} // namespace testdome_sync::catalog
