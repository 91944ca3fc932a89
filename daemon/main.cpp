#include "config/problems.hpp"
#include "daemon/command_tree.hpp"
#include "daemon/commands.hpp"
#include "daemon/completion.hpp"
#include "daemon/event_reference.hpp"
#include "daemon/lock_file.hpp"
#include "daemon/manual.hpp"
#include "daemon/operator_commands.hpp"
#include "sync/ledger.hpp"

#include <CLI/CLI.hpp>

#include <sys/stat.h>

#include <iostream>

namespace {

using namespace testdome_sync;
using daemon::exit_status;

/// Carries out a command; whatever can't go on becomes a text for people and an exit status.
int guarded(const std::function<int()>& command)
{
    try {
        return command();
    } catch (const config::configuration_error& error) {
        std::cerr << error.what();
        return exit_status::wrong_usage;
    } catch (const daemon::locked& error) {
        std::cerr << "testdome-sync: " << error.what() << '\n';
        return exit_status::temporary_failure;
    } catch (const sync::ledger_error& error) {
        std::cerr << "testdome-sync: " << error.what() << '\n';
        return exit_status::temporary_failure;
    } catch (const std::exception& error) {
        std::cerr << "testdome-sync: " << error.what() << '\n';
        return exit_status::not_well;
    }
}

/// What the build makes of the command line for people's shells and testdome-sync(1), and of the events for the journal
/// and docs/. Hidden: nobody else needs it.
void add_generators(CLI::App& app)
{
    const auto prints = [&app](CLI::App* command, auto make) {
        command->group("")->callback([&app, make] { std::cout << make(daemon::describe_commands(app)); });
    };
    auto* completion = app.add_subcommand("completion")->group("")->require_subcommand(1);
    prints(completion->add_subcommand("bash"), daemon::bash_completion);
    prints(completion->add_subcommand("zsh"), daemon::zsh_completion);
    prints(completion->add_subcommand("fish"), daemon::fish_completion);
    prints(app.add_subcommand("manual"), daemon::manual_of_commands);
    auto* events = app.add_subcommand("events")->group("")->require_subcommand(1);
    prints(events->add_subcommand("catalog"), [](const auto&) { return daemon::message_catalog(); });
    prints(events->add_subcommand("markdown"), [](const auto&) { return daemon::event_reference(); });
}

} // namespace

int main(int argc, char** argv)
{
    ::umask(0077); // the ledger holds names, addresses and tokens: for nobody else on this machine
    CLI::App app{"testdome-sync invites applicants of an HR system to TestDome tests and writes the results back.",
                 "testdome-sync"};
    app.set_version_flag("--version", "testdome-sync " TESTDOME_SYNC_VERSION);
    app.require_subcommand(1);
    app.fallthrough();
    daemon::common_options common;
    app.add_option("--config", common.config, "the main configuration file")->type_name("FILE")->capture_default_str();
    app.add_flag("--json", common.json, "machine-readable output");

    int status = exit_status::well;
    const auto command_of = [&](CLI::App& parent, const char* name, const char* what, std::function<int()> carry_out) {
        auto* added = parent.add_subcommand(name, what);
        added->callback([&status, carry_out = std::move(carry_out)] { status = guarded(carry_out); });
        return added;
    };
    const auto command = [&](const char* name, const char* what, std::function<int()> carry_out) {
        return command_of(app, name, what, std::move(carry_out));
    };

    command("run", "the daemon, in the foreground", [&] { return daemon::run(common); });
    command("once", "one full cycle for each mapping, then exit: for cron and containers",
            [&] { return daemon::once(common); });
    command("plan", "what the next cycle would do; writes and sends nothing", [&] { return daemon::plan(common); });
    bool online = false;
    command("check", "validates all files", [&] {
        return daemon::check(common, online);
    })->add_flag("--online", online, "also sign in everywhere, and look up tests, stages and fields");
    bool monitor = false;
    command("status", "polls, assessments, write-backs and limits", [&] {
        return daemon::status(common, monitor);
    })->add_flag("--monitor", monitor, "one line and an exit status for a monitoring system");
    daemon::list_options wanted;
    auto* list = command("list", "assessments", [&] { return daemon::list(common, wanted); });
    list->add_option("--state", wanted.state, "only those in this state");
    list->add_option("--mapping", wanted.mapping, "only those of this mapping");
    list->add_option("--since", wanted.since, "only those that changed since: a date, or an age such as 7d");
    list->add_option("--email", wanted.email, "only those of this address");
    long long id = 0;
    command("show", "one assessment: every transition with time and cause, its write-backs",
            [&] { return daemon::show(common, id); })
        ->add_option("ID", id, "the assessment's number, as `list` shows it")
        ->required();
    std::string whom;
    command("explain", "why somebody was invited, skipped or held: every rule with its answer",
            [&] { return daemon::explain(common, whom); })
        ->add_option("APPLICATION-ID or EMAIL", whom)
        ->required();
    daemon::add_operator_commands(command, common);
    command("tests", "the account's TestDome tests with their ids", [&] { return daemon::tests(common); });
    daemon::connectors_options connectors;
    daemon::test_exec_options program;
    bool test_exec = false;
    auto* explain = command("connectors", "connectors and presets, or one explained", [&] {
        return test_exec ? daemon::test_exec(common, program) : daemon::connectors(common, connectors);
    });
    explain->add_option("NAME", connectors.name);
    explain->add_flag("--markdown", connectors.markdown, "what all presets can do, as docs/connectors.md has it");
    explain->add_option("--directory", connectors.directory, "only the presets of this folder")->type_name("DIR");
    std::string started, output;
    auto* init =
        command("init", "writes a commented mapping file to begin with", [&] { return daemon::init(started, output); });
    init->add_option("NAME", started, "the preset")->required();
    init->add_option("--output", output, "a file that does not exist yet, instead of stdout")->type_name("FILE");
    std::string report;
    command("bugreport", "what a developer needs to know of this installation, without secrets, names and addresses",
            [&] { return daemon::bug_report(common, report); })
        ->add_option("--output", report, "a file that does not exist yet, instead of stdout")
        ->type_name("FILE");
    std::vector<std::string> presets;
    auto* preset = app.add_subcommand("preset", "work on presets");
    preset->require_subcommand(1);
    command_of(*preset, "test", "plays a preset's examples: no network, nothing is sent",
               [&] { return daemon::preset_test(common, presets); })
        ->add_option("FILE or NAME", presets, "the preset (its examples stand beside it in NAME.examples.yaml)")
        ->required();
    std::string from, to;
    auto* ledger = app.add_subcommand("ledger", "work on the ledger itself");
    ledger->require_subcommand(1);
    auto* migrate =
        command_of(*ledger, "migrate", "copy a ledger that is a file into PostgreSQL; nobody may use either",
                   [&] { return daemon::migrate_ledger(common, from, to); });
    migrate->add_option("FROM", from, "sqlite:PATH")->required();
    migrate->add_option("TO", to, "postgresql://USER@HOST/DATABASE, an empty one")->required();
    auto* tested = explain->add_flag("--test-exec", test_exec,
                                     "PROGRAM ARGS…: take a program for `connector: exec` through the protocol; "
                                     "what follows belongs to the program");
    explain->add_flag("--writes", program.writes, "also carry out its actions, for a made-up application")
        ->needs(tested);
    explain->add_option("--environment", program.environment, "what it gets: NAME=VALUE, or NAME with our value")
        ->needs(tested);
    explain->add_option("--timeout", program.timeout, "seconds for each of its answers")
        ->needs(tested)
        ->check(CLI::Range(1, 3600))
        ->capture_default_str();
    daemon::sandbox_command_options sandbox;
    auto* play = command("sandbox", "TestDome and Greenhouse on this machine, to try all this without paying",
                         [&] { return daemon::sandbox(sandbox); });
    play->add_option("--port", sandbox.port, "the port to listen on; 0 takes a free one")->capture_default_str();
    play->add_option("--directory", sandbox.directory, "where the certificate and an example configuration are written")
        ->type_name("DIR")
        ->required();
    play->add_option("--applicants", sandbox.applicants, "so many made-up applicants besides the sample ones")
        ->capture_default_str();
    play->add_option("--break-one-in", sandbox.break_one_in,
                     "about one of so many requests loses its connection, before or after its effect; 0: none");
    play->add_option("--token-seconds", sandbox.token_seconds,
                     "how long a sign-in lasts; 0: as the real systems' does");
    play->add_option("--invitations-late", sandbox.invitations_late,
                     "TestDome answers invitations so many milliseconds after their effect");
    play->add_option("--arriving-within", sandbox.arriving_within,
                     "the made-up applicants apply one after another within so many seconds; 0: all at once");
    play->add_flag("--applicants-wait", sandbox.applicants_wait,
                   "the made-up applicants take their tests when they are let: POST /sandbox/finish?people=N");
    play->add_option("--hr-systems", sandbox.hr_systems,
                     "so many Greenhouses, each with its mapping file, that share the made-up applicants")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    add_generators(app);

    try {
        app.parse(daemon::split_test_exec(argc, argv, program), argv);
    } catch (const CLI::ParseError& error) {
        const int code = app.exit(error);
        return code == 0 ? exit_status::well : exit_status::wrong_usage;
    }
    return status;
}
