#pragma once

#include "config/load.hpp"
#include "connectors/surroundings.hpp"
#include "connectors/worker_threads.hpp"
#include "daemon/real_clock.hpp"
#include "sync/environment.hpp"
#include "sync/ledger.hpp"

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
        connectors::connector_factory create_connector;
    };
    std::vector<checked_mapping> mappings;
};

/// Reads and checks all files. Throws config::configuration_error with everything that is wrong.
checked_configuration read_configuration(const std::string& path);

/// The parts of the program, wired: the one place where implementations meet interfaces. One thread.
class assembly : private connectors::surroundings {
public:
    /// `ledger` may be opened for writing, reading, or as a copy; see the command.
    assembly(checked_configuration configuration, std::unique_ptr<sync::ledger> ledger,
             std::unique_ptr<sync::event_sink> events);
    ~assembly() override;

    boost::asio::io_context& context() { return context_; }
    sync::environment& world() { return *world_; }
    sync::event_sink& events() override { return *events_; }

private:
    sync::clock& clock() override { return clock_; }
    sync::random_source& random() override { return random_; }
    sync::token_store& tokens() override { return tokens_; }
    http::shared_access& shared_access() override { return shared_access_; }
    http::transport& network(const std::string& ca_file, const std::string& crl_file) override;
    boost::asio::any_io_executor event_loop() override { return context_.get_executor(); }
    boost::asio::any_io_executor new_worker() override { return workers_.begin(); }
    exec::program_launcher& programs() override;

    config::settings settings_;
    boost::asio::io_context context_{1};
    real_clock clock_;
    real_random random_;
    std::unique_ptr<sync::event_sink> events_;
    std::unique_ptr<sync::ledger> ledger_;
    sync::ledger_tokens tokens_;
    http::shared_access shared_access_;
    /// By ca_file and crl_file: a trust store takes memory.
    std::map<std::pair<std::string, std::string>, std::unique_ptr<http::transport>> networks_;
    std::unique_ptr<exec::program_launcher> programs_;
    std::unique_ptr<sync::test_platform> platform_;
    std::vector<sync::active_mapping> mappings_;
    std::optional<sync::environment> world_;
    connectors::worker_threads workers_; ///< end first: what they carry out uses the connectors
};

} // namespace testdome_sync::daemon
