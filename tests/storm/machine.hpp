#pragma once

#include "sync/events.hpp"
#include "tests/storm/broken_variants.hpp"
#include "tests/storm/chronicle.hpp"
#include "tests/storm/installation.hpp"
#include "tests/support/dice.hpp"
#include "tests/support/simulated_disk.hpp"
#include "tests/support/simulated_network.hpp"
#include "tests/support/simulated_process.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace testdome_sync::testing {

/// The machine that the program runs on: its disk, its clock, whoever starts it again, and all that goes wrong there.
class machine {
public:
    machine(dice chances, const installation& setup, virtual_clock& clock, http::transport& network, chronicle& events,
            const broken_variant* mistake, std::vector<std::string>* trace);
    ~machine();

    void start();
    /// Lets time pass; with accidents, some of them at random moments of it.
    void run(std::chrono::seconds time, bool with_accidents);
    /// Everything works again, the clock is right, and the mapping is the edited one.
    void become_calm();
    void nudge();             ///< a webhook, if somebody listens
    void invitation_leaves(); ///< some accidents wait for that moment

    bool is_running() const; ///< false between a crash and its discovery, too: nothing leaves a dead process
    sync::ledger* ledger();  ///< of the running program; null if it doesn't run
    bool clock_was_wrong() const { return clock_was_wrong_; }
    const std::vector<std::string>& complaints() const { return complaints_; }

private:
    /// Looks at every line for what must not be in it.
    class watched_events final : public sync::event_sink {
    public:
        explicit watched_events(machine& of) : of_(of) {}
        void write(const sync::event& event) override;

    private:
        machine& of_;
    };

    struct running {
        int number = 0; ///< on the disk
        std::unique_ptr<simulated_process> process;
    };

    void tell(const std::string& what);
    void complain(std::string what) { complaints_.push_back(std::move(what)); }
    std::unique_ptr<simulated_process> make_process();
    void start_later(std::chrono::seconds delay);
    void look_after_processes();
    void look_at_end(const running& ended);
    void crash(bool power_fails);
    disk_answer disturb(disk_operation what, int process);

    void have_accident();
    void kill_soon();
    void stop_and_reconfigure();
    void take_over();
    void set_clock(std::chrono::seconds by);
    void suspend();
    void fill_disk();
    void break_disk();
    void lock_ledger();

    dice dice_;
    const installation& setup_;
    virtual_clock& clock_;
    http::transport& network_;
    chronicle& events_;
    const broken_variant* mistake_;
    std::vector<std::string>* trace_;
    simulated_disk disk_;
    std::string path_;
    seeded_random jitter_;
    watched_events log_{*this};
    running current_;
    std::optional<running> retiring_; ///< another one has taken its ledger over
    std::optional<sync::monotonic_time> stop_asked_at_;
    bool insisted_ = false;          ///< that it stops now
    std::optional<int> writes_left_; ///< until the process is killed
    sync::monotonic_time full_until_{};
    sync::monotonic_time broken_until_{};
    sync::monotonic_time locked_until_{};
    sync::monotonic_time disk_was_ill_until_{};
    std::chrono::seconds skew_{0};
    bool clock_was_wrong_ = false;
    installation::edition edition_ = installation::edition::first;
    int starts_ = 0;
    int accidents_in_flight_ = 0; ///< that are still to come while an invitation is under way
    std::vector<std::string> complaints_;
};

} // namespace testdome_sync::testing
