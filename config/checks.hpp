#pragma once

#include "config/reader.hpp"

#include <string>
#include <string_view>

namespace testdome_sync::config {

/// A problem unless the text is an `https://` URL.
void require_url(const std::string& url, const node& where, problems& found);

/// A problem if the value is written into the file (no tag) and everybody on this machine may read that file.
void refuse_public_secret(const node& value, problems& found);

/// True for names such as `client_secret`, `api_password`, `access_token`, `api_key`.
bool names_a_secret(std::string_view key);

} // namespace testdome_sync::config
