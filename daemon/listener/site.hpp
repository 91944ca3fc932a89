#pragma once

#include "daemon/listener/exchange.hpp"
#include "daemon/listener/subject.hpp"
#include "daemon/listener/webhooks.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace testdome_sync::listener {

struct site_limits {
    webhooks::limits hooks{};
    std::chrono::milliseconds between_nudges{10'000}; ///< to one HR system, or to TestDome
    /// The status page may be so old, or as old as a hundred times what it takes to make it: it reads much of the
    /// ledger.
    std::chrono::milliseconds page_age{5000};
};

/// Everything that can be asked for:
///
/// | path | answer |
/// | --- | --- |
/// | `/healthz` | 200 as long as the loop turns |
/// | `/readyz` | 200 if the engine runs and the ledger can be written; else 503 with a word |
/// | `/metrics` | Prometheus' text format |
/// | `/webhooks/…` | 202, see webhooks.hpp |
/// | `/` | the status page |
///
/// Answers at once and never throws. One thread.
class site {
public:
    /// All outlive it.
    site(boost::asio::any_io_executor loop, subject& about, sync::clock& clock, std::string version,
         const site_limits& within);
    site(boost::asio::any_io_executor loop, subject& about, sync::clock& clock, std::string version);

    http::response answer(const question& asked);

private:
    http::response route(const question& asked);
    http::response readiness();
    http::response metrics();
    http::response page();

    subject& about_;
    sync::clock& clock_;
    std::string version_;
    site_limits limits_;
    sync::wall_time started_at_;
    nudges nudges_;
    webhooks webhooks_;
    std::string page_;
    std::optional<sync::monotonic_time> page_lasts_until_;
};

} // namespace testdome_sync::listener
