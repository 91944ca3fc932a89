#include "tests/support/simulated_program.hpp"

#include "connectors/rest/connector.hpp"
#include "connectors/rest/presets.hpp"
#include "connectors/testdome/client.hpp"
#include "tests/sandbox/example.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

#include <sys/stat.h>

namespace testdome_sync::testing {
namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

const std::string host = "https://sandbox.test";

std::string read(const fs::path& path)
{
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

void write(const fs::path& path, const std::string& text, mode_t mode = 0644)
{
    std::ofstream(path) << text;
    ::chmod(path.c_str(), mode);
}

void replace(const fs::path& path, const std::string& from, const std::string& to)
{
    auto text = read(path);
    const auto at = text.find(from);
    if (at == std::string::npos)
        throw std::logic_error("the file " + path.string() + " has no \"" + from + '"');
    write(path, text.replace(at, from.size(), to));
}

} // namespace

http::response simulated_network::answer(const http::request& order)
{
    if (order.url.starts_with(host + "/testdome/"))
        return testdome_.answer(order, "/testdome");
    return greenhouse_.answer(order, "/greenhouse");
}

asio::awaitable<http::result<http::response>> simulated_network::send(http::request order)
{
    ++count;
    const auto happens = disturb ? disturb(order) : fault::none;
    co_await clock_.sleep_until(clock_.now() + latency);
    const auto broken = [](http::errc code, bool may) { return http::failure{code, "simulated", may}; };
    http::response made;
    switch (happens) {
    case fault::none: co_return answer(order);
    case fault::refused: co_return broken(http::errc::connect_failed, false);
    case fault::lost_request: co_return broken(http::errc::receive_failed, true);
    case fault::lost_answer: answer(order); co_return broken(http::errc::receive_failed, true);
    case fault::server_error:
        answer(order);
        made.status = 503;
        made.body = "<html>maintenance</html>";
        co_return made;
    case fault::half_an_answer:
        made = answer(order);
        made.body.resize(made.body.size() / 2);
        co_return made;
    case fault::html:
        made.status = 200;
        made.body = "<html>sign in</html>";
        co_return made;
    case fault::too_many:
        made.status = 429;
        made.headers.set("Retry-After", "7");
        co_return made;
    case fault::unauthorized: made.status = 401; co_return made;
    }
    co_return made;
}

namespace {

/// The two files as a process understands them. libjq takes some 40 ms to compile them, ten times as long as a whole
/// simulated life: the same text is compiled once.
struct understood {
    config::configuration configuration;
    std::vector<rest::description> connectors; ///< in the order of the mappings
};

understood understand(const fs::path& directory)
{
    understood made;
    config::problems found;
    made.configuration = config::load((directory / "testdome-sync.yaml").string(), "", found);
    for (auto& mapping : made.configuration.mappings) {
        const auto preset =
            rest::find_preset(mapping.connector, {TESTDOME_SYNC_SOURCE_DIR "/connectors/presets"}, found);
        auto described = rest::read_description(mapping, preset ? &*preset : nullptr, found);
        mapping.library->compile(found);
        if (!found.empty())
            throw config::configuration_error(found);
        made.connectors.push_back(std::move(*described));
    }
    return made;
}

const understood& understood_once(const fs::path& directory)
{
    static std::map<std::string, understood> known;
    const auto text = read(directory / "testdome-sync.yaml") + read(directory / "mappings.d" / "engineering.yaml");
    auto found = known.find(text);
    if (found == known.end())
        found = known.emplace(text, understand(directory)).first;
    return found->second;
}

} // namespace

/// What dies with a process.
struct simulated_program::process {
    config::configuration configuration;
    std::unique_ptr<mortal_ledger> ledger;
    std::unique_ptr<sync::test_platform> platform;
    std::vector<sync::active_mapping> mappings;
    std::optional<sync::environment> world;
    std::unique_ptr<sync::engine> engine;
    asio::cancellation_signal kill;
    bool ended = true;
};

simulated_program::simulated_program(std::vector<sandbox::sample_applicant> people)
    : testdome([this] { return clock.wall(); }, sandbox::pace{}), greenhouse([this] { return clock.wall(); }),
      network(testdome, greenhouse, clock), applicants(std::move(people))
{
    // In memory where there is such a place: thousands of runs would wear out a disk with their commits.
    const fs::path place = fs::is_directory("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path();
    std::string name = (place / "testdome-sync-simulation.XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
    fs::create_directories(fs::path(directory_) / "mappings.d");
    write(fs::path(directory_) / "testdome-client-secret", "sandbox-secret\n", 0600);
    write(fs::path(directory_) / "greenhouse-client-secret", "sandbox-secret\n", 0600);
    write(fs::path(directory_) / "testdome-sync.yaml", sandbox::example_settings(host, 1000));
    write(fs::path(directory_) / "mappings.d" / "engineering.yaml", sandbox::example_mapping(host));
    edit_settings("poll: {every: 1s}", "poll: {every: 1m}");
    edit_mapping("poll: {every: 1s, start: all}", "poll: {every: 1m, start: all}");
    greenhouse.base_url = host + "/greenhouse/v3";
    sandbox::play(testdome, greenhouse, applicants);
}

simulated_program::~simulated_program()
{
    if (process_) {
        process_->ledger->dead = true;
        process_->kill.emit(asio::cancellation_type::terminal);
        clock.run_ready();
    }
    process_.reset();
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
}

void simulated_program::edit_mapping(const std::string& from, const std::string& to)
{
    replace(fs::path(directory_) / "mappings.d" / "engineering.yaml", from, to);
}

void simulated_program::edit_settings(const std::string& from, const std::string& to)
{
    replace(fs::path(directory_) / "testdome-sync.yaml", from, to);
}

std::unique_ptr<simulated_program::process> simulated_program::make_process(sync::ledger_access access)
{
    auto made = std::make_unique<process>();
    const auto& files = understood_once(directory_);
    made->configuration = files.configuration;
    const auto& settings = made->configuration.main;
    made->ledger = std::make_unique<mortal_ledger>(
        sync::open_sqlite_ledger((fs::path(directory_) / "ledger.db").string(), access));
    made->platform = testdome::create_client(settings.testdome, network, clock, random, events);
    for (std::size_t i = 0; i < files.connectors.size(); ++i)
        made->mappings.push_back({made->configuration.mappings[i],
                                  rest::create_connector(files.connectors[i], network, clock, random, events)});
    made->world.emplace(
        sync::environment{settings, made->mappings, *made->ledger, *made->platform, clock, random, events});
    made->engine = std::make_unique<sync::engine>(clock.context().get_executor(), *made->world);
    return made;
}

void simulated_program::start()
{
    process_ = make_process(sync::ledger_access::write);
    process_->ended = false;
    asio::co_spawn(clock.context(), process_->engine->run(),
                   asio::bind_cancellation_slot(process_->kill.slot(),
                                                [of = process_.get()](std::exception_ptr) { of->ended = true; }));
    clock.run_ready();
}

mortal_ledger& simulated_program::ledger()
{
    return *process_->ledger;
}

bool simulated_program::alive() const
{
    return process_ && !process_->ended;
}

void simulated_program::stop()
{
    process_->engine->stop();
    clock.run_for(std::chrono::minutes{5});
    if (!process_->ended)
        throw std::logic_error("the program does not stop");
    process_.reset();
}

void simulated_program::restart()
{
    process_->ledger->dead = true;
    process_->kill.emit(asio::cancellation_type::terminal);
    clock.run_ready();
    process_.reset();
    start();
}

bool simulated_program::once()
{
    auto single = make_process(sync::ledger_access::write);
    return run(clock, single->engine->run_once());
}

boost::json::array simulated_program::plan()
{
    auto looking = make_process(sync::ledger_access::copy);
    auto planned = run(clock, looking->engine->plan());
    return planned ? *planned : throw std::runtime_error(planned.error().detail);
}

std::string simulated_program::complaint(bool after_faults) const
{
    for (const auto& row : sandbox::outcomes(testdome, greenhouse, applicants, after_faults))
        if (!row.at("ok").as_bool())
            return std::string(row.at("applicant").as_string()) + " " + std::string(row.at("what").as_string()) + ": " +
                   std::string(row.at("missing").as_string());
    for (const auto& violation : testdome.violations())
        return "TestDome: " + violation;
    for (const auto& violation : greenhouse.violations())
        return "Greenhouse: " + violation;
    return {};
}

std::vector<sync::assessment> simulated_program::assessments()
{
    if (process_)
        return process_->ledger->assessments({});
    return make_process(sync::ledger_access::read)->ledger->assessments({});
}

} // namespace testdome_sync::testing
