#pragma once

#include "connectors/exec/program.hpp"
#include "connectors/http/shared_access.hpp"
#include "connectors/http/transport.hpp"
#include "sync/clock.hpp"
#include "sync/events.hpp"
#include "sync/hr_connector.hpp"
#include "sync/token_store.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <string>

namespace testdome_sync::connectors {

/// What the process lends to its connectors. Implemented by the daemon; in tests by simulated worlds. Used on the event
/// loop's thread only; everything that it gives outlives the connectors.
class surroundings {
public:
    virtual ~surroundings() = default;

    virtual sync::clock& clock() = 0;
    virtual sync::random_source& random() = 0;
    virtual sync::event_sink& events() = 0;

    /// Where tokens are kept that replace configured ones.
    virtual sync::token_store& tokens() = 0;
    /// What mappings with one credential have in common.
    virtual http::shared_access& shared_access() = 0;

    /// The network, trusting `ca_file` (empty: the system's authorities) and minding `crl_file` (empty: none).
    virtual http::transport& network(const std::string& ca_file, const std::string& crl_file) = 0;
    /// The event loop that connectors' coroutines run on.
    virtual boost::asio::any_io_executor event_loop() = 0;
    /// A thread of the caller's own, where its work that blocks (files, a database) is carried out one after the other:
    /// what hangs there delays nobody else. It ends before the connectors do.
    virtual boost::asio::any_io_executor new_worker() = 0;
    /// The one place where other programs are started.
    virtual exec::program_launcher& programs() = 0;
};

/// Makes the connector of a mapping that was read without a mistake and whose expressions are compiled. Called once.
using connector_factory = std::function<std::unique_ptr<sync::hr_connector>(surroundings&)>;

} // namespace testdome_sync::connectors
