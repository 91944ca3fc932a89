#pragma once

#include "config/secret.hpp"
#include "connectors/http/service.hpp"
#include "connectors/rest/answers.hpp"
#include "connectors/rest/description.hpp"
#include "connectors/rest/outgoing.hpp"
#include "connectors/rest/signing.hpp"
#include "sync/failure.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace testdome_sync::rest {

/// Sends requests of one HR system and understands its answers as far as all requests share it: default headers, JSON,
/// the table of answers, paging.
class caller {
public:
    /// `described` must outlive the caller.
    caller(const description& described, http::transport& network, sync::clock& clock, sync::random_source& random,
           sync::event_sink& events, const connector_access& access);

    /// An answer that can't be understood, or says no, is a failure; see `answer_reader`. No failure tells a
    /// credential.
    boost::asio::awaitable<sync::result<hr_answer>> call(outgoing order, http::effect kind);

    struct taken {
        std::size_t rows = 0;
        bool stop = false; ///< enough was read
    };
    using take_page = std::function<sync::result<taken>(hr_answer& page)>;

    using after_page = std::function<boost::asio::awaitable<sync::result<void>>()>;

    /// Calls `take` with the answer of each page, until the list ends, and awaits `after` before the next one is read.
    /// A next page at another origin, or one that was read already, is `malformed`.
    boost::asio::awaitable<sync::result<void>> read_pages(outgoing first, const paging_description& paging,
                                                          http::effect kind, take_page take, after_page after = {});

    const description& described() const { return described_; }
    /// What every expression sees: `.credentials` and `.now`, and an empty `.lookup`.
    boost::json::object document() const;

private:
    sync::result<void> add_headers(http::request& order) const;
    sync::failure without_secrets(sync::failure why) const;

    const description& described_;
    sync::clock& clock_;
    std::vector<config::secret> secrets_;
    std::unique_ptr<http::service> service_;
};

} // namespace testdome_sync::rest
