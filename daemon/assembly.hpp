#pragma once

#include "config/load.hpp"
#include "connectors/http/transport.hpp"
#include "connectors/rest/description.hpp"
#include "daemon/real_clock.hpp"
#include "sync/environment.hpp"

#include <boost/asio/io_context.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace testdome_sync::daemon {

/// A configuration without a mistake: settings, and for each mapping what its connector needs.
struct checked_configuration {
    config::settings main;
    struct checked_mapping {
        config::mapping settings;
        rest::description connector;
    };
    std::vector<checked_mapping> mappings;
};

/// Reads and checks all files. Throws config::configuration_error with everything that is wrong.
checked_configuration read_configuration(const std::string& path);

/// The parts of the program, wired: the one place where implementations meet interfaces. One thread.
class assembly {
public:
    /// `ledger` may be opened for writing, reading, or as a copy; see the command.
    assembly(checked_configuration configuration, std::unique_ptr<sync::ledger> ledger,
             std::unique_ptr<sync::event_sink> events);
    ~assembly();

    boost::asio::io_context& context() { return context_; }
    sync::environment& world() { return *world_; }
    sync::event_sink& events() { return *events_; }

private:
    http::transport& network_for(const std::string& ca_file, const std::string& crl_file);

    config::settings settings_;
    boost::asio::io_context context_{1};
    real_clock clock_;
    real_random random_;
    std::unique_ptr<sync::event_sink> events_;
    std::unique_ptr<sync::ledger> ledger_;
    /// By ca_file and crl_file: a trust store takes memory.
    std::map<std::pair<std::string, std::string>, std::unique_ptr<http::transport>> networks_;
    std::unique_ptr<sync::test_platform> platform_;
    std::vector<sync::active_mapping> mappings_;
    std::optional<sync::environment> world_;
};

} // namespace testdome_sync::daemon
