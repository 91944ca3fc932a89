#pragma once

#include "sync/decisions.hpp"
#include "sync/ledger.hpp"
#include "tests/sandbox/greenhouse_world.hpp"
#include "tests/sandbox/scenario.hpp"
#include "tests/sandbox/testdome_world.hpp"
#include "tests/support/mortal_ledger.hpp"
#include "tests/support/recorded_events.hpp"
#include "tests/support/simulated_network.hpp"
#include "tests/support/simulated_process.hpp"
#include "tests/support/virtual_time.hpp"

#include <boost/json/array.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace testdome_sync::testing {

/// An installation of the program against the simulated servers, in virtual time. `restart()` is a crash: the
/// coroutines vanish and only the ledger's file is left.
class simulated_program {
public:
    /// Where each one's ledger is, new for each; empty: a file of its own.
    static std::function<config::ledger_settings()> place_of_ledgers;

    explicit simulated_program(std::vector<sandbox::sample_applicant> people = sandbox::sample_applicants());
    ~simulated_program();

    /// Changes the text of the mapping or of the main file; takes effect at the next start.
    void edit_mapping(const std::string& from, const std::string& to);
    void edit_settings(const std::string& from, const std::string& to);

    void start();   ///< `run`, in the background
    void stop();    ///< asks it to stop and waits until it has
    void restart(); ///< ends it at once, as SIGKILL does, and starts it anew
    void reload();  ///< ends it softly, and lets one go on that has the edited files, or the same
    bool once();    ///< one cycle, as `once` does; true if everything answered
    boost::json::array plan();
    /// What a person decides, carried out by the running process (which is told to look) or on the ledger alone.
    sync::decision_answer decide(sync::decision wanted);

    void run_for(std::chrono::seconds time) { clock.run_for(time); }

    /// Everybody in the end state that the scenario expects; the first complaint otherwise.
    std::string complaint(bool after_faults = false) const;

    /// Keeps what the ledger holds now; while it is stopped.
    void back_up();
    /// Puts that in the place of the ledger; while it is stopped.
    void restore();

    std::vector<sync::assessment> assessments();
    mortal_ledger& ledger();                                 ///< of the running program
    sync::engine& engine() { return process_->engine(); }    ///< likewise
    sync::environment& world() { return process_->world(); } ///< likewise
    bool alive() const;                                      ///< false once a fault of the ledger has ended it

    virtual_clock clock;
    seeded_random random;
    recorded_events events;
    sandbox::testdome_world testdome;
    sandbox::greenhouse_world greenhouse;
    simulated_network network;
    std::vector<sandbox::sample_applicant> applicants;
    std::size_t people_at_once = 1000; ///< from the next start on

private:
    std::unique_ptr<simulated_process> make_process(sync::ledger_access access);

    std::string directory_; ///< of the ledger
    config::ledger_settings ledger_place_;
    std::string settings_;
    std::string mapping_;
    std::unique_ptr<simulated_process> process_;
};

} // namespace testdome_sync::testing
