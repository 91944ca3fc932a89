#include "connectors/examples/rehearsal.hpp"

#include "connectors/examples/scene.hpp"
#include "connectors/rest/connector.hpp"
#include "sync/application.hpp"

#include <algorithm>

namespace testdome_sync::examples {
namespace {

/// Whether the requests of this example are compared with what signs them in.
bool shows_the_signing(const scene& of)
{
    const auto& auth = of.described.auth;
    if (of.one.exchanges.empty())
        return false;
    if (auth.type == rest::auth_type::query)
        return true; // every parameter is compared
    const auto header = auth.name.empty() ? std::string("Authorization") : auth.name;
    return of.file.every_request_headers.find(header) ||
           std::ranges::any_of(of.one.exchanges,
                               [&](const exchange& each) { return each.headers.find(header) != nullptr; });
}

} // namespace

stage::stage(scene& of, const std::vector<exchange>& exchanges, const config::position& end)
    : of_(of), clock_(*sync::time_from("2026-11-24T08:00:00Z")),
      network_({of.one.sign_in ? *of.one.sign_in : of.file.sign_in,
                exchanges,
                {of.described.url, of.file.every_request_headers, of.file.every_request_query},
                end},
               of.found),
      connector_(rest::create_connector(of.described, network_, clock_, random_, events_, {&tokens_, nullptr}))
{
}

stage::~stage()
{
    network_.report_unused();
    std::ranges::copy(network_.played(), std::back_inserter(of_.played));
}

std::string word_of(const sync::failure& why)
{
    static const std::vector<std::string> words{"not_sent",  "outcome_unknown", "refused",    "denied",
                                                "not_found", "malformed",       "unsupported"};
    const auto number = static_cast<std::size_t>(why.code.value());
    return number >= 1 && number <= words.size() ? words[number - 1] : why.code.message();
}

void compare_outcome(scene& of, const std::string& outcome, const std::string& failure)
{
    const auto& one = of.one;
    if (outcome != one.outcome)
        of.found.add(one.outcome_where, "the outcome is " + outcome + (failure.empty() ? "" : " (" + failure + ')') +
                                            " instead of " + one.outcome);
    else if (failure.find(one.says) == std::string::npos)
        of.found.add(one.outcome_where, "the failure says \"" + failure + "\", not \"" + one.says + '"');
}

std::vector<played_exchange> rehearse(const example& one, const example_file& file, const rest::description& described,
                                      shown_parts& shown, config::problems& found)
{
    auto own = described;
    const auto* check = std::get_if<check_example>(&one.what);
    if (check)
        own.used_names = check->names;
    scene of{one, file, own, shown, found};
    if (check)
        rehearse_check(of, *check);
    else if (const auto* poll = std::get_if<poll_example>(&one.what))
        rehearse_poll(of, *poll);
    else
        rehearse_action(of, std::get<action_example>(one.what));
    shown.signed_in = shown.signed_in || shows_the_signing(of);
    return std::move(of.played);
}

} // namespace testdome_sync::examples
