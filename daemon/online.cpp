#include "connectors/catalog/caveats.hpp"
#include "connectors/rest/presets.hpp"
#include "daemon/assembly.hpp"
#include "daemon/commands.hpp"
#include "daemon/table.hpp"
#include "sync/engine.hpp"
#include "sync/silence.hpp"
#include "sync/test_catalog.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/json/serialize.hpp>

#include <exception>
#include <iostream>

namespace testdome_sync::daemon {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

/// The program on a copy of the ledger: whatever is decided there, the real one stays as it is.
struct looking_only {
    explicit looking_only(checked_configuration configuration)
        : base(sync::open_ledger(configuration.main.ledger, sync::ledger_access::copy)),
          program(std::move(configuration), base, std::make_unique<sync::silence>())
    {
    }

    void run_to_end(asio::awaitable<void> work)
    {
        std::exception_ptr failure;
        asio::co_spawn(base.context, std::move(work), [&](std::exception_ptr error) {
            failure = error;
            base.context.stop(); // kept connections would hold the loop until they are due to be closed
        });
        base.context.run();
        if (failure)
            std::rethrow_exception(failure);
    }

    foundation base;
    assembly program;
};

asio::awaitable<void> check_testdome(assembly& program, std::vector<std::string>& findings)
{
    auto& world = program.world();
    const auto signed_in = co_await world.platform.check();
    if (!signed_in)
        findings.push_back("TestDome: " + signed_in.error().detail);
    sync::test_catalog catalog(world.platform, world.clock);
    const auto read = co_await catalog.refresh();
    if (!read) {
        findings.push_back("TestDome's tests can't be read: " + read.error().detail);
        co_return;
    }
    for (const auto& mapping : world.mappings)
        for (const auto& rule : mapping.settings.rules)
            if (const auto resolved = catalog.resolve(rule.test); !resolved.found)
                findings.push_back(rule.test_where.text() + ": " + resolved.reason);
}

asio::awaitable<void> check_online(assembly& program, std::vector<std::string>& findings)
{
    co_await check_testdome(program, findings);
    for (auto& mapping : program.world().mappings) {
        auto checked = co_await mapping.connector->check();
        if (!checked)
            findings.push_back(mapping.settings.name + ": " + checked.error().detail);
        else
            findings.insert(findings.end(), checked->begin(), checked->end());
    }
}

/// What of the mappings' connectors is good to know, and no mistake; a line each.
std::vector<std::string> caveats_of(const checked_configuration& configuration)
{
    std::vector<std::string> lines;
    config::problems ignored; // reading the configuration has told them
    for (const auto& [mapping, create] : configuration.mappings) {
        const auto preset = rest::find_preset(mapping.connector, rest::preset_directories(), ignored);
        const auto described = preset ? config::merge(*preset, mapping.connector_settings) : mapping.connector_settings;
        for (const auto& one : catalog::caveats_of(mapping, described))
            lines.push_back(one.where.text() + ": caveat: " + one.message);
    }
    return lines;
}

std::string text_of(const json::value& value)
{
    return value.is_null() ? "-" : value.is_string() ? std::string(value.as_string()) : json::serialize(value);
}

} // namespace

int check(const common_options& options, bool online)
{
    auto configuration = read_configuration(options.config);
    const auto count = configuration.mappings.size();
    const auto caveats = caveats_of(configuration);
    std::vector<std::string> findings;
    if (online) {
        looking_only on(std::move(configuration));
        on.run_to_end(check_online(on.program, findings));
    }
    for (const auto& finding : findings)
        std::cerr << finding << '\n';
    if (options.json) {
        std::cout << json::serialize(json::value{{"ok", findings.empty()},
                                                 {"findings", json::array(findings.begin(), findings.end())},
                                                 {"caveats", json::array(caveats.begin(), caveats.end())}})
                  << '\n';
        return findings.empty() ? exit_status::well : exit_status::not_well;
    }
    for (const auto& caveat : caveats)
        std::cout << caveat << '\n';
    if (findings.empty())
        std::cout << options.config << " and " << count
                  << (count == 1 ? " mapping file: no mistake found" : " mapping files: no mistake found")
                  << (online ? ", and everything answers" : "") << '\n';
    return findings.empty() ? exit_status::well : exit_status::not_well;
}

int tests(const common_options& options)
{
    looking_only on(read_configuration(options.config));
    sync::result<std::vector<sync::test>> found = std::vector<sync::test>{};
    const auto ask = [&]() -> asio::awaitable<void> { found = co_await on.program.world().platform.tests(); };
    on.run_to_end(ask());
    if (!found)
        throw std::runtime_error("the tests can't be read: " + found.error().detail);
    json::array all;
    table shown({"ID", "NAME", "ARCHIVED"});
    for (const auto& test : *found) {
        all.push_back({{"id", test.id}, {"name", test.name}, {"archived", test.archived}});
        shown.add({std::to_string(test.id), test.name, test.archived ? "yes" : ""});
    }
    std::cout << (options.json ? json::serialize(all) + '\n' : shown.text());
    return exit_status::well;
}

int plan(const common_options& options)
{
    looking_only on(read_configuration(options.config));
    sync::engine engine(on.base.context.get_executor(), on.program.world());
    sync::result<json::array> planned = json::array{};
    const auto ask = [&]() -> asio::awaitable<void> { planned = co_await engine.plan(); };
    on.run_to_end(ask());
    if (!planned) {
        std::cerr << "testdome-sync: the plan can't be made: " << planned.error().detail << '\n';
        return exit_status::temporary_failure;
    }
    if (options.json) {
        std::cout << json::serialize(*planned) << '\n';
        return exit_status::well;
    }
    int paid = 0;
    table shown({"MAPPING", "APPLICATION", "APPLICANT", "RULE", "TEST", "ACTION", "REASON"});
    for (const auto& row : *planned) {
        paid += row.at("action") == "invite" ? 1 : 0;
        shown.add({text_of(row.at("mapping")), text_of(row.at("application_id")), text_of(row.at("applicant")),
                   text_of(row.at("rule")), text_of(row.at("test")), text_of(row.at("action")),
                   text_of(row.at("reason"))});
    }
    std::cout << shown.text() << '\n'
              << paid << (paid == 1 ? " invitation would be paid.\n" : " invitations would be paid.\n");
    return exit_status::well;
}

} // namespace testdome_sync::daemon
