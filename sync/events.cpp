#include "sync/events.hpp"

#include "sync/utf8.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace testdome_sync::sync {

const std::vector<event_type>& event_types()
{
    using enum event_level;
    static const std::vector<event_type> table{
        {"service.started", info, "c6ef9a06e34417ddfc1b56fe7e9b0a83",
         "The program has started and read its configuration."},
        {"service.ready", info, "dc33504adbb46f0c8e1fe275f7b27d20",
         "Everything is open and signed for; polling begins."},
        {"service.reloaded", info, "c84356d9dcce04cbcff5635600eba5bd", "A new configuration is in force."},
        {"service.stopping", info, "3649a7c0fc8949a669e7dc2f66a2fe69",
         "The program was asked to stop; requests in flight are finished first."},
        {"config.invalid", error, "2f60fc30682fe7e78727e689c40d9ee7",
         "The configuration can't be used; nothing was changed and nothing was sent."},
        {"poll.done", info, "3880baa438ef9d10d6ec139634102363", "An HR system was read to its end."},
        {"poll.failed", warning, "5c42e63943cfc2fbaec19a9291881606",
         "An HR system could not be read; nothing changed, and the next poll tries again."},
        {"application.found", debug, "d82464b4a1aac5a9f2ad75c28f5c9ca3", "An application was seen for the first time."},
        {"application.skipped", debug, "56b6009235234234a4d53dfa88c4a772",
         "No rule selects this application, or it is older than the mapping's start."},
        {"application.broken", warning, "03549a573877dc66d666f44fcba3f266",
         "A record of the HR system could not be understood; it alone is held back."},
        {"assessment.planned", info, "9d30c7e3f92ad1f9d184e37e3d66faeb", "An application is to be invited to a test."},
        {"assessment.held", warning, "0ceebb24a647bf05b95d77e3b49515f1",
         "An assessment waits until a person decides; the reason says what about."},
        {"invitation.sent", info, "9da24a3bf8c0465b30aa4030e6bb3ecb",
         "TestDome has taken an invitation; it was paid for."},
        {"invitation.refused", warning, "b19ca43f31463f2becba91e7b22d04b4",
         "TestDome did not take this address; nothing was paid."},
        {"invitation.unconfirmed", warning, "94d2cee2a1900ecfdcb2321c05e1289e",
         "It is not known whether an invitation was carried out; it is looked up before anything is sent again."},
        {"invitation.confirmed", info, "7ab967ba2abad478dd81dcb0d07c93aa",
         "An invitation with an unknown outcome was found at TestDome, or found not to exist."},
        {"invitation.adopted", info, "0e0a44e3d8e9c19e4220a5a97a88bc38",
         "The person was invited to this test before; that invitation is followed and nothing is paid."},
        {"invitation.canceled", info, "c02bd14029709e2389120c2bca5f252a",
         "An invitation was withdrawn, here or at TestDome."},
        {"invitation.extended", info, "ac7fe987253947a785b14c88e7a8e097", "TestDome has taken a later deadline."},
        {"invitation.not_extended", warning, "c635f175473e41dba3bbca0c7bc3858e",
         "TestDome did not take a later deadline; the earlier one holds."},
        {"result.received", info, "344450cb4c79aa06798b3e14ab0e27d7",
         "TestDome has a result, or a later change of one."},
        {"writeback.done", info, "0890f3defe9e85c1c60da53f888fee57", "An action was carried out in the HR system."},
        {"writeback.failed", warning, "c848285a6499f6e072f8f1b2844e166e",
         "An action could not be carried out in the HR system."},
        {"program.output", info, "5d0c6f1f0f5b4b8e9a53c4f0b1c7e6d2",
         "The program of a connector has written a line to its standard error."},
        {"limit.reached", warning, "54dc72d37ae316497e063915bcb82a48",
         "A spending limit was reached; what goes beyond it is held."},
        {"auth.failed", error, "2a11c33750cb26a202f1296256a294b4",
         "A system refuses our credentials; nothing of it works until they are corrected."},
        {"testdome.failed", warning, "c365609eed3045563c16a2d176557746",
         "TestDome can't be reached or does not answer as it should."},
        {"testdome.recovered", info, "66798d9efcdeaa8c8c547a750237ee6b", "TestDome answers again."},
        {"decision.made", info, "47b218863933419f8e51ad471a8b1c38",
         "A person has decided something about an assessment, a write-back or a mapping."},
        {"ledger.erased", info, "d827d507e68e4433b3343c6ddb10e53a",
         "Names, addresses and records of people whose tests ended long ago were erased, as `retention` says."},
        {"alarm.raised", warning, "7c3c990ca1fd42a6886fd397b60f95f3",
         "Something needs a person: what is the matter and what to do stands in the text."},
        {"alarm.cleared", info, "21c5388f756149eab10a1705e9c17ed6", "What an earlier alarm told is over."},
        {"notice.failed", warning, "290653d03056426cacf4f7fc310bf99e",
         "People could not be told of an alarm through `notify`; it is tried again."},
        {"listener.ready", info, "8d1e7b4c5a2f4e0b9c63d7f1a85e2b94",
         "The HTTP listener takes connections at this address."},
        {"listener.unavailable", warning, "b3f60c92e7d84a15a0c4519d2e8f7763",
         "The HTTP listener can't be where the configuration wants it; the daemon works on without it, or with the one "
         "of before."},
        {"ledger.standby", info, "6037fe0ae689446786e1847964f372b0",
         "This process waits until it may work with the ledger: another one does, or it can't be reached."},
        {"ledger.taken", info, "0049bea9f972429f917355c02d7f76d3",
         "This process works with the ledger now; any other one stands by."},
        {"ledger.restored", warning, "0d74d11531684274a89db12ba2935eae",
         "The ledger's tables were put back from a backup; everything that may have happened since is asked for "
         "first."},
        {"control.unavailable", warning, "6ba6b0dd44f94a0ea7f0cd1ad04a4e37",
         "People's commands (approve, hold and the like) can't reach the daemon; it works on without them."},
        {"cycle.done", info, "9c878d0e1df733c2351134c36ce65185", "One cycle through all mappings has ended."},
    };
    return table;
}

const event_type& event_type_of(std::string_view name)
{
    const auto& table = event_types();
    const auto found = std::ranges::find(table, name, &event_type::name);
    assert(found != table.end());
    return *found;
}

void event_sink::emit(std::string_view name, std::string text, std::vector<field> fields)
{
    const auto& type = event_type_of(name);
    write(event{&type, type.level, std::move(text), std::move(fields)});
}

void event_sink::emit_unchanged(std::string_view name, std::string text, std::vector<field> fields)
{
    write(event{&event_type_of(name), event_level::debug, std::move(text), std::move(fields)});
}

namespace {

bool is_email_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-' || c == '+' || c == '%';
}

/// Length of the UTF-8 sequence that starts with this byte; 1 for what can't start one.
std::size_t sequence_length(char first)
{
    const auto byte = static_cast<unsigned char>(first);
    if (byte >= 0xF0)
        return 4;
    if (byte >= 0xE0)
        return 3;
    return byte >= 0xC0 ? 2 : 1;
}

std::string with_emails_masked(std::string_view text)
{
    std::string result;
    std::size_t copied = 0;
    for (auto at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
        auto begin = at;
        while (begin > copied && is_email_character(text[begin - 1]))
            --begin;
        auto end = at + 1;
        while (end < text.size() && is_email_character(text[end]))
            ++end;
        if (begin == at || end == at + 1)
            continue;
        result.append(text.substr(copied, begin - copied));
        result.append(masked_email(text.substr(begin, end - begin)));
        copied = end;
    }
    return result.append(text.substr(copied));
}

/// How many bytes the first character of `text` has, if it can be shown; else 0: a control character, or no UTF-8
/// (RFC 3629 §4).
std::size_t character_length(std::string_view text)
{
    const auto byte = text.empty() ? 0U : static_cast<unsigned char>(text.front());
    return byte < 0x20 || byte == 0x7F ? 0 : utf8_length(text);
}

} // namespace

std::string printable(std::string_view foreign, std::size_t limit_bytes)
{
    static constexpr std::string_view digits = "0123456789abcdef";
    const auto masked = with_emails_masked(foreign);
    std::string result;
    for (std::string_view rest = masked; !rest.empty();) {
        if (const auto length = character_length(rest); length > 0) {
            result += rest.substr(0, length);
            rest.remove_prefix(length);
            continue;
        }
        const char c = rest.front();
        const auto byte = static_cast<unsigned char>(c);
        rest.remove_prefix(1);
        if (c == '\n' || c == '\r' || c == '\t') {
            if (!result.empty() && result.back() != ' ')
                result += ' ';
        } else {
            result += "\\x";
            result += digits[byte >> 4];
            result += digits[byte & 15];
        }
    }
    if (result.size() <= limit_bytes)
        return result;
    auto cut = limit_bytes;
    while (cut > 0 && (static_cast<unsigned char>(result[cut]) & 0xC0) == 0x80)
        --cut;
    result.resize(cut);
    return result + "…";
}

std::string masked_email(std::string_view email)
{
    const auto at = email.rfind('@');
    if (at == std::string_view::npos || at == 0)
        return email.empty() ? "" : "…";
    const auto first = email.substr(0, std::min(sequence_length(email.front()), at));
    return std::string(first) + "…" + std::string(email.substr(at));
}

std::string masked_name(std::string_view name)
{
    std::string result;
    bool at_start = true;
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (name[i] == ' ') {
            at_start = true;
        } else if (at_start) {
            if (!result.empty())
                result += ' ';
            result.append(name.substr(i, sequence_length(name[i]))).append(".");
            at_start = false;
        }
    }
    return result;
}

} // namespace testdome_sync::sync
