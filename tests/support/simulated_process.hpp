#pragma once

#include "connectors/http/transport.hpp"
#include "sync/engine.hpp"
#include "sync/environment.hpp"
#include "sync/ledger.hpp"
#include "sync/part_keeper.hpp"
#include "tests/support/understood_configuration.hpp"
#include "tests/support/virtual_time.hpp"

#include <boost/asio/cancellation_signal.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace testdome_sync::testing {

/// What a process is made of, and what of the world it sees.
struct process_parts {
    const understood_configuration& files;
    std::unique_ptr<sync::ledger> ledger;
    http::transport& network;
    virtual_clock& clock;
    sync::random_source& random;
    sync::event_sink& events;
    bool is_shared = false; ///< the ledger, with other machines
    /// May put something in front of a part before the engine gets it.
    std::function<std::unique_ptr<sync::test_platform>(std::unique_ptr<sync::test_platform>)> before_platform{};
    std::function<std::unique_ptr<sync::hr_connector>(std::unique_ptr<sync::hr_connector>)> before_connector{};
};

/// The whole program but for its process: real engine, connectors and TestDome client, with the ledger that it is
/// given. One that is shared makes it one of several machines.
class simulated_process final : public sync::part_worker {
public:
    explicit simulated_process(process_parts parts);
    ~simulated_process() override; ///< as SIGKILL: nothing more is sent; let the ledger refuse first

    void start(); ///< `run`, in the background
    void kill();  ///< its coroutines end here
    bool has_ended() const { return ended_; }
    std::exception_ptr why() const { return why_; } ///< what ended it, if it didn't end by itself

    sync::engine& engine() { return *engine_; }
    sync::ledger& ledger() { return *ledger_; }
    sync::environment& world() { return *world_; }
    config::settings& settings() { return configuration_.main; } ///< before `start()`
    bool does(const std::string& part) const { return parts_ && parts_->is_ours(part); }

private:
    std::vector<sync::bundle> bundles() const override { return sync::bundles_of(*world_); }
    void call(const std::string& part, sync::part_call what) override { engine_->call(part, what); }
    void parts_changed() override {}
    sync::event_sink& events() override { return world_->events; }
    boost::asio::awaitable<void> work();

    virtual_clock& clock_;
    config::configuration configuration_;
    std::unique_ptr<sync::ledger> ledger_;
    std::unique_ptr<sync::test_platform> platform_;
    std::vector<sync::active_mapping> mappings_;
    std::optional<sync::own_parts> parts_; ///< of a ledger that is shared
    std::optional<sync::environment> world_;
    std::unique_ptr<sync::part_keeper> keeper_;
    std::unique_ptr<sync::engine> engine_;
    boost::asio::cancellation_signal kill_;
    bool ended_ = true;
    std::exception_ptr why_;
};

} // namespace testdome_sync::testing
