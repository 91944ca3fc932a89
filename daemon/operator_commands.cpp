#include "daemon/operator_commands.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <string>

namespace testdome_sync::daemon {
namespace {

/// Adds a command whose options are kept as long as it is.
template <class Options, class CarryOut>
CLI::App* add_with(const command_adder& add, const char* name, const char* what, std::shared_ptr<Options> options,
                   CarryOut carry_out)
{
    return add(name, what, [options = std::move(options), carry_out] { return carry_out(*options); });
}

struct decision_command {
    std::shared_ptr<decide_options> options;
    CLI::App* command;

    CLI::Option* take_ids(CLI::App* in, const char* what) const
    {
        return in->add_option("ID", options->ids, what)->check(CLI::PositiveNumber);
    }
    void require_ids(const char* what) const { take_ids(command, what)->required(); }
    void take_subject(const char* name, const char* what) const
    {
        command->add_option(name, options->subject, what)->required();
    }
};

decision_command add_decision(const command_adder& add, const common_options& common, const char* name,
                              const char* what)
{
    auto options = std::make_shared<decide_options>();
    options->command = name;
    auto* command =
        add_with(add, name, what, options, [&common](const decide_options& wanted) { return decide(common, wanted); });
    command->add_option("--why", options->why, "kept with the decision, for those who come after");
    return {options, command};
}

constexpr auto an_assessment = "assessments' numbers, as `list` shows them";

void add_decisions(const command_adder& add, const common_options& common)
{
    const auto approve = add_decision(add, common, "approve", "invite who waits for approval or behind a limit");
    auto* whom = approve.command->add_option_group("whom");
    approve.take_ids(whom, an_assessment);
    whom->add_flag("--all", approve.options->all, "everybody who waits so");
    whom->require_option(1);
    add_decision(add, common, "hold", "don't invite for now").require_ids(an_assessment);
    add_decision(add, common, "retry", "look anew at what is held or was refused").require_ids(an_assessment);
    add_decision(add, common, "cancel", "don't invite; withdraw the invitation while the test is not started")
        .require_ids(an_assessment);
    const auto extend = add_decision(add, common, "extend", "a later deadline for who is invited; costs nothing");
    extend.require_ids(an_assessment);
    extend.command->add_option("--by", extend.options->by, "how much later: 90s, 15m, 2h, 7d")->required();
    add_decision(add, common, "replay", "write back once more what was not written")
        .require_ids("write-backs' numbers, as `show` lists them");
    add_decision(add, common, "pause", "ask and tell one HR system nothing, invite nobody of it")
        .take_subject("MAPPING", "as `status` shows it");
    add_decision(add, common, "resume", "let a paused mapping go on").take_subject("MAPPING", "as `status` shows it");
    add_decision(add, common, "poll", "read one HR system now").take_subject("MAPPING", "as `status` shows it");
    add_decision(add, common, "forget", "erase a person's data, keeping what stops a second payment")
        .take_subject("EMAIL", "the person's address");
}

} // namespace

void add_operator_commands(const command_adder& add, const common_options& common)
{
    add_decisions(add, common);

    auto exported = std::make_shared<export_options>();
    auto* results = add_with(add, "export", "assessments with their results, on standard output", exported,
                             [&common](const export_options& wanted) { return export_results(common, wanted); });
    results->add_option("--format", exported->format, "csv, or jsonl: one JSON object a line")
        ->check(CLI::IsMember({"csv", "jsonl"}))
        ->capture_default_str();
    results->add_option("--mapping", exported->of.mapping, "only those of this mapping");
    results->add_option("--since", exported->of.since, "only those that changed since: a date, or an age such as 7d");
    results->add_option("--state", exported->of.state, "only those in this state");
    results->add_option("--person", exported->of.email,
                        "everything that is stored about who has this address, selected or not");

    auto backup = std::make_shared<std::string>();
    add_with(add, "backup", "copy the ledger, also while the daemon runs", backup,
             [&common](const std::string& file) { return back_up(common, file); })
        ->add_option("FILE", *backup, "a file that does not exist yet")
        ->required();
    auto restored = std::make_shared<restore_options>();
    auto* restoring = add_with(add, "restore", "put a backup in the ledger's place; nobody is paid for twice", restored,
                               [&common](const restore_options& wanted) { return restore(common, wanted); });
    restoring->add_option("FILE", restored->file, "what `backup` has made")->required();
    restoring->add_option("--why", restored->why, "kept in the ledger, for those who come after");
}

} // namespace testdome_sync::daemon
