#include "tests/simulation/shared_installation.hpp"

#include "tests/sandbox/example.hpp"
#include "tests/support/mortal_ledger.hpp"
#include "tests/support/replace_once.hpp"

#include <algorithm>
#include <stdexcept>

#include <soci/soci.h>

namespace testdome_sync::testing {
namespace {

/// How exact the database's clock is: leases last ten seconds.
constexpr std::chrono::milliseconds tick{1000};

long long milliseconds_of(sync::wall_time time)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

} // namespace

void mortal_connection::begin()
{
    if (is_dead)
        throw killed();
    before_begin();
    forwarding_ledger::begin();
}

shared_installation::machine::machine(shared_installation& in, int number)
    : name("machine " + std::to_string(number)), network(in.testdome, in.greenhouse, clock, in.world),
      random(static_cast<std::uint64_t>(number))
{
}

std::string shared_installation::machine::end() const
{
    if (!process || !process->has_ended() || !process->why())
        return {};
    try {
        std::rethrow_exception(process->why());
    } catch (const std::exception& error) {
        return error.what();
    }
}

shared_installation::shared_installation(int count, std::vector<sandbox::sample_applicant> people)
    : testdome([this] { return world.world_time(); }, sandbox::pace{}),
      greenhouse([this] { return world.world_time(); }), applicants(std::move(people)),
      settings_(sandbox::example_settings(simulated_network::host, 1000)),
      mapping_(sandbox::example_mapping(simulated_network::host))
{
    std::tie(place_, schema_) = new_schema();
    // In front of PostgreSQL's own functions stands one that tells our time.
    place_.url += "%2Cpg_catalog";
    administrator_ = postgresql_server()->administrator();
    const auto& sql = administrator_;
    *sql << "CREATE TABLE " + schema_ + ".virtual_clock(milliseconds BIGINT NOT NULL)";
    *sql << "INSERT INTO " + schema_ + ".virtual_clock VALUES(0)";
    *sql << "CREATE FUNCTION " + schema_ +
                ".clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT to_timestamp(milliseconds / "
                "1000.0) FROM " +
                schema_ + ".virtual_clock'";
    *sql << "GRANT SELECT ON " + schema_ + ".virtual_clock TO testdome_sync";
    replace_once(settings_, "poll: {every: 1s}", "poll: {every: 5m}\n  settle: 5m");
    replace_once(mapping_, "poll: {every: 1s, start: all}", "poll: {every: 5m, start: all}");
    greenhouse.base_url = simulated_network::host + "/greenhouse/v3";
    sandbox::play(testdome, greenhouse, applicants);
    for (int number = 1; number <= count; ++number)
        machines.emplace_back(*this, number);
    tell_database_the_time();
}

shared_installation::~shared_installation()
{
    for (auto& one : machines)
        kill(one);
}

void shared_installation::tell_database_the_time()
{
    const auto now = world.world_time();
    if (told_ && now - *told_ < tick)
        return;
    *administrator_ << "UPDATE " + schema_ +
                           ".virtual_clock SET milliseconds = " + std::to_string(milliseconds_of(now));
    told_ = now;
}

void shared_installation::start(machine& which)
{
    auto ledger = std::make_unique<mortal_connection>(sync::open_ledger(place_, sync::ledger_access::share));
    *administrator_ << "SELECT pid FROM pg_stat_activity WHERE application_name = "
                       "'testdome-sync' ORDER BY backend_start DESC LIMIT 1",
        soci::into(which.server_process);
    which.process = std::make_unique<simulated_process>(process_parts{.files = understand_once(settings_, mapping_),
                                                                      .ledger = std::move(ledger),
                                                                      .network = which.network,
                                                                      .clock = which.clock,
                                                                      .random = which.random,
                                                                      .events = which.events,
                                                                      .is_shared = true});
    before_start(which);
    which.process->start();
}

void shared_installation::kill(machine& which)
{
    if (!which.process)
        return;
    which.connection().is_dead = true;
    // The server forgets the connection, and the lease stays: nobody is there to give it back.
    *administrator_ << "SELECT pg_terminate_backend(" + std::to_string(which.server_process) + ", 5000)";
    which.process.reset();
    which.stands_still = false;
}

void shared_installation::stop(machine& which)
{
    which.process->engine().stop();
    if (!run_until([&] { return which.process->has_ended(); }, std::chrono::seconds{120}))
        throw std::logic_error(which.name + " does not stop");
    which.process.reset();
}

void shared_installation::stand_still(machine& which)
{
    which.stands_still = true;
}

void shared_installation::wake(machine& which)
{
    which.stands_still = false;
    which.clock.stand_still(world.now() - which.clock.now());
}

void shared_installation::revive()
{
    for (auto& one : machines)
        if (one.process && one.process->has_ended()) {
            one.process.reset();
            start(one);
        }
}

bool shared_installation::run_until(const std::function<bool()>& is_so, std::chrono::seconds limit)
{
    const auto end = world.now() + limit;
    while (!is_so()) {
        auto next = std::min(end, world.now() + tick);
        const auto look_at = [&](const virtual_clock& clock) {
            if (const auto due = clock.next(); due && *due < next)
                next = std::max(*due, world.now());
        };
        look_at(world);
        for (const auto& one : machines)
            if (!one.stands_still)
                look_at(one.clock);
        world.run_for(next - world.now());
        tell_database_the_time();
        for (auto& one : machines)
            if (!one.stands_still)
                one.clock.run_for(next - one.clock.now());
        if (world.now() >= end)
            return is_so();
    }
    return true;
}

void shared_installation::run_for(std::chrono::nanoseconds time)
{
    const auto end = world.now() + time;
    run_until([&] { return world.now() >= end; }, std::chrono::ceil<std::chrono::seconds>(time));
}

void shared_installation::settle()
{
    for (int i = 0; i < 120 && !complaint().empty(); ++i)
        run_for(std::chrono::minutes{1});
    run_for(std::chrono::minutes{12}); // two polls, and more than the settle window
}

shared_installation::machine* shared_installation::machine_of(const std::string& part)
{
    for (auto& one : machines)
        if (one.does(part) && !one.process->has_ended())
            return &one;
    return nullptr;
}

std::string shared_installation::complaint() const
{
    const auto found = sandbox::first_complaint(testdome, greenhouse, applicants, true);
    return found.empty() ? double_payment() : found;
}

std::string shared_installation::double_payment() const
{
    for (const auto& one : applicants)
        if (testdome.paid(one.email) > 1)
            return one.first_name + " was paid for " + std::to_string(testdome.paid(one.email)) + " times";
    return {};
}

} // namespace testdome_sync::testing
