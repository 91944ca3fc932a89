#pragma once

#include "connectors/surroundings.hpp"
#include "connectors/worker_threads.hpp"
#include "daemon/configuration.hpp"
#include "daemon/foundation.hpp"
#include "sync/environment.hpp"
#include "sync/notifier.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace testdome_sync::daemon {

/// The parts that a configuration makes, wired: the one place where implementations meet interfaces. One thread.
class assembly : private connectors::surroundings {
public:
    /// `base` outlives it. Nothing is asked of anybody yet. Throws std::runtime_error if a file that the configuration
    /// names can't be used (`ca_file`).
    assembly(checked_configuration configuration, foundation& base, std::unique_ptr<sync::event_sink> events);
    ~assembly() override;

    sync::environment& world() { return *world_; }
    sync::event_sink& events() override { return *events_; }
    sync::notifier* notifier() { return notifier_.get(); } ///< null: nobody is told but the log

    /// Waits until no work that blocks is under way any more, so that destroying this doesn't hold up the loop. For
    /// one whose engine has ended: nothing can be given to the workers afterwards. Cancellation: none.
    boost::asio::awaitable<void> finish_workers();

private:
    std::unique_ptr<sync::notifier> make_notifier();
    sync::clock& clock() override { return base_.clock; }
    sync::random_source& random() override { return base_.random; }
    sync::token_store& tokens() override { return tokens_; }
    http::shared_access& shared_access() override { return shared_access_; }
    http::transport& network(const std::string& ca_file, const std::string& crl_file) override;
    boost::asio::any_io_executor event_loop() override { return base_.context.get_executor(); }
    boost::asio::any_io_executor new_worker() override { return workers_.begin(); }
    exec::program_launcher& programs() override;

    foundation& base_;
    config::settings settings_;
    std::unique_ptr<sync::event_sink> events_;
    sync::ledger_tokens tokens_;
    http::shared_access shared_access_;
    /// By ca_file and crl_file: a trust store takes memory.
    std::map<std::pair<std::string, std::string>, std::unique_ptr<http::transport>> networks_;
    std::unique_ptr<sync::test_platform> platform_;
    std::unique_ptr<sync::notifier> notifier_;
    std::vector<sync::active_mapping> mappings_;
    std::optional<sync::environment> world_;
    connectors::worker_threads workers_; ///< end first: what they carry out uses the connectors
};

} // namespace testdome_sync::daemon
