#pragma once

#include "connectors/http/service.hpp"
#include "connectors/rest/description.hpp"
#include "sync/failure.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>

#include <functional>
#include <memory>
#include <string>

namespace testdome_sync::rest {

/// Sends requests of one HR system and understands its answers as far as all requests share it: default headers, JSON,
/// success that is told in the body.
class caller {
public:
    /// `described` must outlive the caller.
    caller(const description& described, http::transport& network, sync::clock& clock, sync::random_source& random,
           sync::event_sink& events);

    /// `{"status","headers","body"}`; header names are lower case, an empty body is null. An answer that isn't JSON, or
    /// says no, is a failure.
    boost::asio::awaitable<sync::result<boost::json::value>> call(http::request order, http::effect kind);

    struct taken {
        std::size_t rows = 0;
        bool stop = false; ///< enough was read
    };
    using take_page = std::function<sync::result<taken>(const boost::json::value& answer)>;

    /// Calls `take` with the answer of each page, until the list ends. A next page at another origin, or one that was
    /// read already, is `malformed`.
    boost::asio::awaitable<sync::result<void>> read_pages(http::request first, const paging_description& paging,
                                                          http::effect kind, take_page take);

    const description& described() const { return described_; }

private:
    sync::result<boost::json::value> understood(const http::request& sent, const http::response& answer,
                                                http::effect kind) const;
    /// The request of the page after this one; nothing at the end.
    sync::result<std::optional<http::request>> next_page(const http::request& first, const http::request& current,
                                                         const paging_description& paging,
                                                         const boost::json::value& answer, std::size_t rows,
                                                         long long page) const;

    const description& described_;
    std::unique_ptr<http::service> service_;
};

/// Renders a request of the description, or says why not (`refused`: the data doesn't fit).
sync::result<http::request> rendered(const request_template& made, const description& described,
                                     const boost::json::value& document);

} // namespace testdome_sync::rest
