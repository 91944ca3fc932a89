#pragma once

#include <array>
#include <string_view>

namespace testdome_sync::sync {

enum class event_level { debug, info, warning, error };

/// One row of the event table. The message catalog and docs/log-events.md are made of it. In its sentences `{name}`
/// stands for the value of a field.
struct event_type {
    std::string_view name; ///< `invitation.sent`; stays the same between versions
    event_level level;
    std::string_view message_id; ///< 32 hexadecimal digits, for the journal
    std::string_view fields;     ///< their names, with a space between; `?` behind one that is not always there
    std::string_view happened;   ///< a whole sentence
    std::string_view means;      ///< what follows from it
    std::string_view remedy;     ///< what a person should do
};

/// What every event about one assessment tells. Who has no address has no `applicant`.
inline constexpr std::string_view assessment_fields = "mapping application assessment test applicant?";
inline constexpr std::string_view nothing_to_do = "Nothing needs to be done.";

/// Every event there is, in the order in which docs/log-events.md tells of them.
inline constexpr std::array event_types{
    event_type{"service.started", event_level::info, "c6ef9a06e34417ddfc1b56fe7e9b0a83", "version",
               "The program has started and read its configuration.",
               "The ledger is opened next; service.ready tells when work begins.", nothing_to_do},
    event_type{"service.ready", event_level::info, "dc33504adbb46f0c8e1fe275f7b27d20", "",
               "Everything is open; polling begins.",
               "From now on HR systems and TestDome are looked at when they are due.", nothing_to_do},
    event_type{
        "service.reloaded", event_level::info, "c84356d9dcce04cbcff5635600eba5bd",
        "mappings_added mappings_removed mappings_changed mappings_unchanged rules_added rules_removed "
        "rules_changed planned_touched held_touched",
        "A new configuration is in force.",
        "The fields tell what has changed, and how many planned and held assessments are by rules that have changed "
        "or are gone. Nobody is invited again.",
        "Nothing needs to be done. `testdome-sync plan` shows who is invited next."},
    event_type{"service.stopping", event_level::info, "3649a7c0fc8949a669e7dc2f66a2fe69", "",
               "The program was asked to stop.", "Requests in flight are finished first.", nothing_to_do},
    event_type{
        "config.invalid", event_level::error, "2f60fc30682fe7e78727e689c40d9ee7", "",
        "The configuration can't be used.",
        "Nothing was changed and nothing was sent. A daemon that was asked to reload goes on with the configuration "
        "of before.",
        "Correct the files that the message names; `testdome-sync check` tells whether all is well. Then "
        "`systemctl reload testdome-sync`."},
    event_type{"cycle.done", event_level::info, "9c878d0e1df733c2351134c36ce65185", "",
               "One cycle through all mappings has ended.", "`testdome-sync once` has done its work and ends.",
               nothing_to_do},

    event_type{"poll.done", event_level::info, "3880baa438ef9d10d6ec139634102363", "mapping read new planned held",
               "An HR system was read to its end.",
               "What it has is stored. A poll that brings nothing new is told at level debug, but for the first.",
               nothing_to_do},
    event_type{"poll.failed", event_level::warning, "5c42e63943cfc2fbaec19a9291881606", "mapping",
               "An HR system could not be read.",
               "Nothing changed, and the next poll tries again. The same failure is told once; if it lasts, the alarm "
               "poll_failing follows.",
               "If it lasts: `testdome-sync check --online` shows whether address and credentials are right."},
    event_type{"application.found", event_level::debug, "d82464b4a1aac5a9f2ad75c28f5c9ca3", "mapping application",
               "An application was seen for the first time.", "The rules of its mapping decide next.", nothing_to_do},
    event_type{"application.skipped", event_level::debug, "56b6009235234234a4d53dfa88c4a772", "mapping application",
               "No rule selects this application, or it is older than the mapping's start.", "Nobody is invited by it.",
               "Nothing needs to be done. `testdome-sync explain {application}` shows each rule with its answer."},
    event_type{"application.broken", event_level::warning, "03549a573877dc66d666f44fcba3f266", "mapping application",
               "A record of the HR system could not be understood.",
               "It alone is held back, and is read again with each poll for a week.",
               "Look at the record in the HR system. If all are like it, the mapping or its preset doesn't fit."},

    event_type{"assessment.planned", event_level::info, "9d30c7e3f92ad1f9d184e37e3d66faeb", assessment_fields,
               "An application is to be invited to a test.", "The invitation is sent with the next look at TestDome.",
               nothing_to_do},
    event_type{
        "assessment.held", event_level::warning, "0ceebb24a647bf05b95d77e3b49515f1", assessment_fields,
        "An assessment waits until a person decides.",
        "Nobody is invited by it until then. The reason says what about; where a limit holds many, limit.reached "
        "warns once and each is told at level info.",
        "`testdome-sync show {assessment}` tells why; then `approve`, `retry` or `cancel` it."},
    event_type{"assessment.started", event_level::info, "1b615dda7ae94b90b00808560b3dbdb1", assessment_fields,
               "The person has begun the test.", "The invitation can't be withdrawn any more.", nothing_to_do},
    event_type{"invitation.sent", event_level::info, "9da24a3bf8c0465b30aa4030e6bb3ecb", assessment_fields,
               "TestDome has taken an invitation.", "It was paid for, and is followed until its end.", nothing_to_do},
    event_type{
        "invitation.refused", event_level::warning, "b19ca43f31463f2becba91e7b22d04b4", assessment_fields,
        "TestDome did not take this address.", "Nothing was paid, and it is not tried again by itself.",
        "Correct the address in the HR system, then `testdome-sync retry {assessment}`; or invite the person by hand "
        "at TestDome."},
    event_type{"invitation.unconfirmed", event_level::warning, "94d2cee2a1900ecfdcb2321c05e1289e", assessment_fields,
               "It is not known whether an invitation was carried out.",
               "It is looked up at TestDome before anything is sent again; invitation.confirmed tells what was found.",
               "Nothing needs to be done. Do not invite the person by hand meanwhile."},
    event_type{"invitation.confirmed", event_level::info, "7ab967ba2abad478dd81dcb0d07c93aa", assessment_fields,
               "What became of an invitation in doubt is known.",
               "TestDome has it, or it was not carried out and is planned again; the text tells which.", nothing_to_do},
    event_type{"invitation.adopted", event_level::info, "0e0a44e3d8e9c19e4220a5a97a88bc38", assessment_fields,
               "The person was invited to this test before.", "That invitation is followed, and nothing is paid.",
               nothing_to_do},
    event_type{"invitation.canceled", event_level::info, "c02bd14029709e2389120c2bca5f252a", assessment_fields,
               "An invitation was withdrawn, here or at TestDome, or is not wanted any more before it was sent.",
               "Nothing more happens with this assessment.", nothing_to_do},
    event_type{"invitation.extended", event_level::info, "ac7fe987253947a785b14c88e7a8e097", assessment_fields,
               "TestDome has taken a later deadline.", "It costs nothing.", nothing_to_do},
    event_type{"invitation.not_extended", event_level::warning, "c635f175473e41dba3bbca0c7bc3858e", assessment_fields,
               "TestDome did not take a later deadline.", "The earlier one holds.",
               "Look at the assessment with `testdome-sync show {assessment}`: a test that is over can't be extended."},
    event_type{"result.received", event_level::info, "344450cb4c79aa06798b3e14ab0e27d7", assessment_fields,
               "TestDome has a result, or a later change of one.", "It is written back as the mapping says.",
               nothing_to_do},

    event_type{"writeback.done", event_level::info, "0890f3defe9e85c1c60da53f888fee57", assessment_fields,
               "An action was carried out in the HR system.", "Recruiters see it there.", nothing_to_do},
    event_type{"writeback.failed", event_level::warning, "c848285a6499f6e072f8f1b2844e166e", assessment_fields,
               "An action could not be carried out in the HR system.",
               "The text tells whether it is tried again by itself, or waits for a person.",
               "`testdome-sync show {assessment}` tells which action failed and why; `replay` repeats one."},
    event_type{
        "program.output", event_level::info, "5d0c6f1f0f5b4b8e9a53c4f0b1c7e6d2", "mapping",
        "The program of a connector has written a line to its standard error.",
        "What it means is up to that program (`command:` in the mapping file). Its secrets and e-mail addresses are "
        "masked; more than twenty lines a minute are left out.",
        nothing_to_do},

    event_type{"limit.reached", event_level::warning, "54dc72d37ae316497e063915bcb82a48", "mapping? held",
               "A spending limit was reached.", "Who goes beyond it is held.",
               "Look at `testdome-sync list --state held`, then `testdome-sync approve --all`. Raise the limit in "
               "testdome-sync.yaml if it is too low."},
    event_type{"auth.failed", event_level::error, "2a11c33750cb26a202f1296256a294b4", "mapping? service?",
               "A system refuses our credentials.", "Nothing of it works until they are corrected; nothing is lost.",
               "Put the right credentials in place and restart the service."},
    event_type{"testdome.failed", event_level::warning, "c365609eed3045563c16a2d176557746", "",
               "TestDome can't be reached or does not answer as it should.",
               "Nothing is lost: invitations and results wait, and it is tried again by itself.",
               "Nothing, if it passes. If it lasts: `testdome-sync check --online`."},
    event_type{"testdome.recovered", event_level::info, "66798d9efcdeaa8c8c547a750237ee6b", "",
               "TestDome answers again.", "What has waited goes on.", nothing_to_do},

    event_type{"decision.made", event_level::info, "47b218863933419f8e51ad471a8b1c38",
               "mapping? application? assessment? test? applicant?",
               "A person has decided something about an assessment, a write-back or a mapping.",
               "It is stored with who decided it, when and why.",
               "Nothing needs to be done. `testdome-sync show {assessment}` lists the decisions."},
    event_type{"ledger.erased", event_level::info, "d827d507e68e4433b3343c6ddb10e53a", "erased",
               "Names, addresses and records of people whose tests ended long ago were erased.",
               "It is what `retention` says. A keyed hash still prevents a second payment.", nothing_to_do},
    event_type{"ledger.standby", event_level::info, "6037fe0ae689446786e1847964f372b0", "",
               "This process waits until it may work with the ledger: a command at the keyboard does, or it can't be "
               "reached.",
               "Nothing is polled and nobody is invited by this process meanwhile.",
               "Nothing needs to be done, unless the message says that the database can't be reached: then see to the "
               "database or the network."},
    event_type{"ledger.taken", event_level::info, "0049bea9f972429f917355c02d7f76d3", "",
               "This process works with the ledger now; it has waited for that.",
               "Of a ledger that several machines share, part.taken tells what it does.", nothing_to_do},
    event_type{
        "part.taken", event_level::info, "e932fd52fe9fa843c8fb103f7e036da8", "part",
        "Of the work that several machines share, this process does this part from now on.",
        "Whoever did it before has given it away, has ended, or was not heard of for ten seconds. What was under "
        "way is looked up before anything is repeated.",
        "Nothing needs to be done. `testdome-sync status` shows who does what."},
    event_type{"part.given", event_level::info, "bab3088a9cae38164d0f6d9c28d10851", "part",
               "Another machine does this part from now on, so that the work is spread.",
               "What was under way for it was finished before.",
               "Nothing needs to be done. `testdome-sync status` shows who does what."},
    event_type{"part.lost", event_level::warning, "9cb2a461e070efa394c1e34714baf0d1", "part",
               "Another machine has taken over this part, as nothing was heard of this process for ten seconds.",
               "This process commits nothing more, and ends; systemd starts it again. Nobody is paid for twice.",
               "If it happens again: see why this machine, its network or the database stood still."},
    event_type{
        "ledger.restored", event_level::warning, "0d74d11531684274a89db12ba2935eae", "",
        "The ledger's tables are not those that were worked with last.",
        "They were put back from a backup, or the database moved or failed over. Everything that may have happened "
        "since is asked for first: nobody is invited before `settle` of `testdome:` is over.",
        nothing_to_do},
    event_type{"alarm.raised", event_level::warning, "7c3c990ca1fd42a6886fd397b60f95f3", "alarm severity mapping?",
               "Something needs a person.", "It is told once, again if it becomes critical, and once when it is over.",
               "Do what the text says. file:///usr/share/doc/testdome-sync/operations.md explains each alarm."},
    event_type{"alarm.cleared", event_level::info, "21c5388f756149eab10a1705e9c17ed6", "alarm severity mapping?",
               "What an earlier alarm told is over.", "It is raised anew if it comes back.", nothing_to_do},
    event_type{"notice.failed", event_level::warning, "290653d03056426cacf4f7fc310bf99e", "alarm severity mapping?",
               "People could not be told of an alarm through `notify`.", "It is tried again; the log has it anyway.",
               "Try the program or the address that `notify` names by hand."},
    event_type{"listener.ready", event_level::info, "8d1e7b4c5a2f4e0b9c63d7f1a85e2b94", "address",
               "The HTTP listener takes connections at this address.", "Status page, metrics and webhooks are there.",
               nothing_to_do},
    event_type{
        "listener.unavailable", event_level::warning, "b3f60c92e7d84a15a0c4519d2e8f7763", "address",
        "The HTTP listener can't be where the configuration wants it.",
        "The daemon works on without it, or with the one of before.",
        "The text tells why: another program may have the port (`ss -lntp`), or certificate and key can't be read by "
        "the service's user. Correct it, then `systemctl reload testdome-sync`."},
    event_type{"control.unavailable", event_level::warning, "6ba6b0dd44f94a0ea7f0cd1ad04a4e37", "",
               "People's commands (approve, hold and the like) can't reach the daemon.", "It works on without them.",
               "The message says which socket can't be made, and why. After that is corrected, restart the service."},
};

/// The name of an event in the table: another one does not compile.
class event_name {
public:
    // NOLINTNEXTLINE(google-explicit-constructor): a name is written as text
    consteval event_name(const char* name)
    {
        bool is_there = false; // `type_` itself can't be asked: for UBSan its address is no constant (GCC 12)
        for (const auto& row : event_types)
            if (row.name == name) {
                type_ = &row;
                is_there = true;
            }
        if (!is_there)
            throw "there is no such event";
    }

    const event_type& type() const { return *type_; }

private:
    const event_type* type_ = nullptr;
};

} // namespace testdome_sync::sync
