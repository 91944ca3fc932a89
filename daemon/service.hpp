#pragma once

#include "daemon/active_configuration.hpp"
#include "daemon/control_request.hpp"
#include "daemon/foundation.hpp"
#include "sync/part_keeper.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace testdome_sync::daemon {

/// What `run` does: lets an engine work, and puts another in its place when the configuration is read anew. The ledger
/// and its lock stay. Of a ledger that several machines share it does its parts. One thread.
class service final : public sync::part_worker {
public:
    /// `base` outlives it; `first` was made of the files at `path`.
    service(std::string path, foundation& base, std::unique_ptr<active_configuration> first);

    /// One engine after the other. Ends after `stop()`, as engine::run() does; throws what an engine throws.
    /// Cancellation: as engine::run().
    boost::asio::awaitable<void> live();

    /// Reads and checks all files. One that is wrong changes nothing and is told; else the engine is asked to end, and
    /// once its requests are finished the next one goes on. Asked again meanwhile, the files are read again after that.
    void reload();

    void stop();

    /// A person's command. Throws ledger_error if it can't be stored.
    sync::decision_answer carry_out(const control_request& asked, const std::string& who);

    /// The HR system is asked now instead of when it is due; if it isn't configured any more, nobody.
    void look_now(const std::string& mapping);
    /// The same for TestDome.
    void look_at_testdome_now();

    /// What is in force. Valid until the loop is given back: a reload puts another in its place.
    const sync::environment& world() const { return current_->program.world(); }
    sync::event_sink& events() override { return current_->program.events(); }
    /// An engine runs, and nobody has asked it to end for good.
    bool is_working() const { return working_ && !stopping_; }
    /// The files were read again and can't be used.
    bool has_refused_files() const { return !refused_.empty(); }
    /// Called whenever another configuration has come into force.
    void when_reloaded(std::function<void()> told) { reloaded_ = std::move(told); }
    /// For people: what goes on now.
    std::string status() const;

    std::vector<sync::bundle> bundles() const override;
    void call(const std::string& part, sync::part_call what) override { current_->engine.call(part, what); }
    void parts_changed() override;

private:
    std::unique_ptr<active_configuration> prepare_next();
    boost::asio::awaitable<void> run_engine();
    boost::asio::awaitable<void> work();
    void stop_work();
    boost::asio::awaitable<void> wait_until_overdue();
    void take_over();
    sync::decision_answer poll_now(const std::string& mapping);
    void poll_soon(const std::string& mapping);

    std::string path_;
    foundation& base_;
    std::unique_ptr<active_configuration> current_;
    std::unique_ptr<active_configuration> next_; ///< while a reload waits for the engine before
    boost::asio::steady_timer overdue_;          ///< runs out when a reload has waited for long enough
    std::set<std::string> polled_after_reload_;  ///< mappings, by a person's command that came during one
    std::string refused_;                        ///< why the files aren't in force; empty if they are
    bool reload_again_ = false;
    bool stopping_ = false;
    bool working_ = false; ///< from the first engine's start to the last one's end
    std::function<void()> reloaded_ = [] {};
};

/// Tells the log and systemd that the program was asked to stop.
void tell_stopping(sync::event_sink& events);

/// A configuration made ready to be put in force. As the constructor of assembly.
std::unique_ptr<active_configuration> make_active(checked_configuration configuration, foundation& base,
                                                  std::unique_ptr<sync::event_sink> events);

} // namespace testdome_sync::daemon
