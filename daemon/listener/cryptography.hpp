#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace testdome_sync::listener {

using sha256_value = std::array<unsigned char, 32>;

/// Standard base64 of SHA-256, as a Content-Security-Policy names a style (CSP Level 3, hash-source).
std::string sha256_base64(std::string_view text);

/// RFC 2104.
sha256_value hmac_sha256(std::string_view key, std::string_view message);

/// A signature as HR systems write it into a header: hexadecimal digits or base64, also after `sha256=` or `sha256 `.
std::optional<sha256_value> signature_from(std::string_view header);

/// In a time that doesn't tell how much is the same.
bool are_same(const sha256_value& one, const sha256_value& other);
/// The same for texts; not even their lengths show.
bool are_same_secret(std::string_view given, std::string_view wanted);

} // namespace testdome_sync::listener
