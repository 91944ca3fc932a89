#include "tests/support/simulated_program.hpp"

#include "sync/restored.hpp"

#include "tests/sandbox/example.hpp"
#include "tests/support/replace_once.hpp"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace testdome_sync::testing {
namespace fs = std::filesystem;

std::function<config::ledger_settings()> simulated_program::place_of_ledgers;

simulated_program::simulated_program(std::vector<sandbox::sample_applicant> people)
    : testdome([this] { return clock.world_time(); }, sandbox::pace{}),
      greenhouse([this] { return clock.world_time(); }), network(testdome, greenhouse, clock),
      applicants(std::move(people)), settings_(sandbox::example_settings(simulated_network::host, 1000)),
      mapping_(sandbox::example_mapping(simulated_network::host))
{
    // In memory where there is such a place: thousands of runs would wear out a disk with their commits.
    const fs::path place = fs::is_directory("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path();
    std::string name = (place / "testdome-sync-simulation.XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
    ledger_place_.path = directory_ + "/ledger.db";
    if (place_of_ledgers)
        ledger_place_ = place_of_ledgers();
    edit_settings("poll: {every: 1s}", "poll: {every: 1m}");
    edit_mapping("poll: {every: 1s, start: all}", "poll: {every: 1m, start: all}");
    greenhouse.base_url = simulated_network::host + "/greenhouse/v3";
    sandbox::play(testdome, greenhouse, applicants);
}

simulated_program::~simulated_program()
{
    if (process_)
        ledger().dead = true;
    process_.reset();
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
}

void simulated_program::edit_mapping(const std::string& from, const std::string& to)
{
    replace_once(mapping_, from, to);
}

void simulated_program::edit_settings(const std::string& from, const std::string& to)
{
    replace_once(settings_, from, to);
}

std::unique_ptr<simulated_process> simulated_program::make_process(sync::ledger_access access)
{
    auto ledger = std::make_unique<mortal_ledger>(sync::open_ledger(ledger_place_, access));
    auto made = std::make_unique<simulated_process>(
        process_parts{understand_once(settings_, mapping_), std::move(ledger), network, clock, random, events});
    made->world().people_at_once = people_at_once;
    return made;
}

void simulated_program::start()
{
    process_ = make_process(sync::ledger_access::write);
    process_->start();
}

mortal_ledger& simulated_program::ledger()
{
    return dynamic_cast<mortal_ledger&>(process_->ledger());
}

bool simulated_program::alive() const
{
    return process_ && !process_->has_ended();
}

void simulated_program::stop()
{
    process_->engine().stop();
    clock.run_for(std::chrono::minutes{5});
    if (!process_->has_ended())
        throw std::logic_error("the program does not stop");
    process_.reset();
}

void simulated_program::restart()
{
    ledger().dead = true;
    process_.reset();
    start();
}

void simulated_program::reload()
{
    process_->engine().stop();
    for (int second = 0; second < 300 && !process_->has_ended(); ++second)
        clock.run_for(std::chrono::seconds{1});
    if (!process_->has_ended())
        throw std::logic_error("the program does not stop");
    process_.reset();
    process_ = make_process(sync::ledger_access::write);
    for (const auto& mapping : process_->world().mappings)
        process_->engine().keep_schedule(mapping.settings.name);
    process_->start();
}

bool simulated_program::once()
{
    auto single = make_process(sync::ledger_access::write);
    return run(clock, single->engine().run_once());
}

boost::json::array simulated_program::plan()
{
    auto looking = make_process(sync::ledger_access::copy);
    auto planned = run(clock, looking->engine().plan());
    return planned ? *planned : throw std::runtime_error(planned.error().detail);
}

std::string simulated_program::complaint(bool after_faults) const
{
    return sandbox::first_complaint(testdome, greenhouse, applicants, after_faults);
}

void simulated_program::back_up()
{
    fs::copy_file(fs::path(directory_) / "ledger.db", fs::path(directory_) / "backup.db",
                  fs::copy_options::overwrite_existing);
}

void simulated_program::restore()
{
    fs::copy_file(fs::path(directory_) / "backup.db", fs::path(directory_) / "ledger.db",
                  fs::copy_options::overwrite_existing);
    sync::mark_restored(make_process(sync::ledger_access::write)->world());
}

sync::decision_answer simulated_program::decide(sync::decision wanted)
{
    wanted.who = "admin";
    if (!process_)
        return sync::decision_desk(make_process(sync::ledger_access::write)->world()).carry_out(wanted);
    auto answer = sync::decision_desk(process_->world()).carry_out(wanted);
    process_->engine().look_now();
    return answer;
}

std::vector<sync::assessment> simulated_program::assessments()
{
    if (process_)
        return process_->ledger().assessments({});
    return make_process(sync::ledger_access::read)->ledger().assessments({});
}

} // namespace testdome_sync::testing
