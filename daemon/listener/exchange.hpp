#pragma once

#include "connectors/http/message.hpp"

#include <string>
#include <string_view>

namespace testdome_sync::listener {

/// A whole request, as far as an answer depends on it.
struct question {
    std::string method;
    std::string path; ///< as it was sent: percent-encoded, without the query
    http::fields headers{};
    std::string body{};
};

/// A short answer in words.
http::response text_answer(int status, std::string_view words);

/// 405 (RFC 9110 §15.5.6). `allowed` as in `GET, HEAD`.
http::response method_not_allowed(std::string_view allowed);

} // namespace testdome_sync::listener
