#pragma once

#include "config/load.hpp"
#include "connectors/http/transport.hpp"
#include "sync/engine.hpp"
#include "sync/environment.hpp"
#include "sync/ledger.hpp"
#include "tests/sandbox/greenhouse_world.hpp"
#include "tests/sandbox/scenario.hpp"
#include "tests/sandbox/testdome_world.hpp"
#include "tests/support/mortal_ledger.hpp"
#include "tests/support/recorded_events.hpp"
#include "tests/support/virtual_time.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace testdome_sync::testing {

/// What the network does with one request.
enum class fault {
    none,
    refused,        ///< no connection: nothing left
    lost_request,   ///< written, but it never arrived
    lost_answer,    ///< carried out; the connection broke before the answer
    server_error,   ///< carried out; answered 503 with a maintenance page
    half_an_answer, ///< carried out; the body is cut in the middle
    html,           ///< not carried out; answered 200 with HTML
    too_many,       ///< not carried out; answered 429 with Retry-After
    unauthorized,   ///< not carried out; answered 401
};

/// The simulated TestDome and Greenhouse behind a network that a test can disturb.
class simulated_network final : public http::transport {
public:
    simulated_network(sandbox::testdome_world& testdome, sandbox::greenhouse_world& greenhouse, sync::clock& clock)
        : testdome_(testdome), greenhouse_(greenhouse), clock_(clock)
    {
    }

    boost::asio::awaitable<http::result<http::response>> send(http::request order) override;

    std::function<fault(const http::request&)> disturb; ///< asked for each request
    long count = 0;                                     ///< requests so far
    std::chrono::milliseconds latency{5};

private:
    http::response answer(const http::request& order);

    sandbox::testdome_world& testdome_;
    sandbox::greenhouse_world& greenhouse_;
    sync::clock& clock_;
};

/// The whole program but for its process: real engine, ledger, connectors and TestDome client, in virtual time against
/// the simulated servers. `restart()` is a crash: the coroutines vanish and only the ledger's file is left.
class simulated_program {
public:
    explicit simulated_program(std::vector<sandbox::sample_applicant> people = sandbox::sample_applicants());
    ~simulated_program();

    /// Changes the text of the mapping or of the main file; takes effect at the next start.
    void edit_mapping(const std::string& from, const std::string& to);
    void edit_settings(const std::string& from, const std::string& to);

    void start();   ///< `run`, in the background
    void stop();    ///< asks it to stop and waits until it has
    void restart(); ///< ends it at once, as SIGKILL does, and starts it anew
    bool once();    ///< one cycle, as `once` does; true if everything answered
    boost::json::array plan();

    void run_for(std::chrono::seconds time) { clock.run_for(time); }

    /// Everybody in the end state that the scenario expects; the first complaint otherwise.
    std::string complaint(bool after_faults = false) const;

    std::vector<sync::assessment> assessments();
    mortal_ledger& ledger(); ///< of the running program
    bool alive() const;      ///< false once a fault of the ledger has ended it

    virtual_clock clock;
    seeded_random random;
    recorded_events events;
    sandbox::testdome_world testdome;
    sandbox::greenhouse_world greenhouse;
    simulated_network network;
    std::vector<sandbox::sample_applicant> applicants;

private:
    struct process;
    std::unique_ptr<process> make_process(sync::ledger_access access);

    std::string directory_;
    std::unique_ptr<process> process_;
};

} // namespace testdome_sync::testing
