#pragma once

#include "tests/ledger/postgresql_server.hpp"
#include "tests/sandbox/greenhouse_world.hpp"
#include "tests/sandbox/scenario.hpp"
#include "tests/sandbox/testdome_world.hpp"
#include "tests/support/forwarding_ledger.hpp"
#include "tests/support/recorded_events.hpp"
#include "tests/support/simulated_network.hpp"
#include "tests/support/simulated_process.hpp"
#include "tests/support/virtual_time.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace soci {
class session;
}

namespace testdome_sync::testing {

/// The connection of a machine that has ceased to be: what it says from then on reaches nobody.
class mortal_connection final : public forwarding_ledger {
public:
    using forwarding_ledger::forwarding_ledger;

    bool is_dead = false;
    std::function<void()> before_begin = [] {};

    void begin() override;
};

/// Several machines in virtual time, each with its own clocks and network, that share a ledger on a real PostgreSQL
/// whose clock is the world's virtual one. Machines die, stand still and wake up; servers and database go on.
class shared_installation {
public:
    explicit shared_installation(int machines,
                                 std::vector<sandbox::sample_applicant> people = sandbox::sample_applicants());
    ~shared_installation();
    shared_installation(const shared_installation&) = delete;
    shared_installation& operator=(const shared_installation&) = delete;

    struct machine {
        explicit machine(shared_installation& in, int number);
        std::string name;
        virtual_clock clock;
        simulated_network network;
        seeded_random random;
        recorded_events events;
        std::unique_ptr<simulated_process> process;
        bool stands_still = false;
        int server_process = 0; ///< PostgreSQL's, for its connection

        bool does(const std::string& part) const { return process && process->does(part); }
        mortal_connection& connection() { return dynamic_cast<mortal_connection&>(process->ledger()); }
        /// Why its program has ended by itself; empty while it runs.
        std::string end() const;
    };

    void start(machine& which);
    void kill(machine& which);        ///< as SIGKILL: its lease is left to end
    void stop(machine& which);        ///< as SIGTERM
    void stand_still(machine& which); ///< until `wake()`
    void wake(machine& which);
    void run_for(std::chrono::nanoseconds time);
    /// Lets time pass until it is so; false if it isn't within the limit.
    bool run_until(const std::function<bool()>& is_so, std::chrono::seconds limit);
    /// Until the books are right, two hours at most, and then for a while in which they must stay so.
    void settle();
    /// systemd: who has ended by itself is started again.
    void revive();

    /// Who does it; null: nobody, or somebody who is dead.
    machine* machine_of(const std::string& part);
    std::string complaint() const; ///< of the books of both servers; empty: everybody is served, and paid for once
    /// Of who must not be paid for twice, however the rest stands.
    std::string double_payment() const;

    std::function<void(machine&)> before_start = [](machine&) {}; ///< for what changes a process before it works

    virtual_clock world; ///< of servers, people and the database
    sandbox::testdome_world testdome;
    sandbox::greenhouse_world greenhouse;
    std::vector<sandbox::sample_applicant> applicants;
    std::deque<machine> machines;
    const std::string& schema() const { return schema_; }

private:
    void tell_database_the_time();

    std::string settings_;
    std::string mapping_;
    config::ledger_settings place_;
    std::string schema_;
    std::unique_ptr<soci::session> administrator_; ///< of the database
    std::optional<sync::wall_time> told_;          ///< the database
};

inline const std::string engineering_part = "mapping/engineering";

} // namespace testdome_sync::testing
