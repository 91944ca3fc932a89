#pragma once

#include "connectors/examples/example.hpp"

#include <string>

namespace testdome_sync::examples {

/// What requests are compared against besides their own exchange.
struct request_context {
    std::string base_url;              ///< of the preset
    const config::node& every_headers; ///< carried by every request but a sign-in
    const config::node& every_query;
};

/// Whether method and URL (without its query) are those of the exchange.
bool same_target(const exchange& expected, const http::request& sent, const std::string& base_url);

/// Adds a problem for each difference between the request that an exchange shows and the one that was sent.
void report_differences(const exchange& expected, const http::request& sent, const request_context& context,
                        config::problems& found);

/// The sent request as it would be written in an example.
std::string as_written(const http::request& sent, const request_context& context);

} // namespace testdome_sync::examples
