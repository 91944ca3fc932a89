#include "sync/assessment.hpp"

#include <array>
#include <utility>

namespace testdome_sync::sync {
namespace {

template <class Enum, std::size_t Size>
using spelling = std::array<std::pair<Enum, std::string_view>, Size>;

constexpr spelling<assessment_state, 11> state_spelling{{
    {assessment_state::planned, "planned"},
    {assessment_state::held, "held"},
    {assessment_state::inviting, "inviting"},
    {assessment_state::unconfirmed, "unconfirmed"},
    {assessment_state::invited, "invited"},
    {assessment_state::started, "started"},
    {assessment_state::scoring, "scoring"},
    {assessment_state::completed, "completed"},
    {assessment_state::did_not_take, "did_not_take"},
    {assessment_state::canceled, "canceled"},
    {assessment_state::refused, "refused"},
}};

constexpr spelling<hold_cause, 13> cause_spelling{{
    {hold_cause::none, ""},
    {hold_cause::rule, "rule"},
    {hold_cause::email, "email"},
    {hold_cause::approval, "approval"},
    {hold_cause::test_not_found, "test_not_found"},
    {hold_cause::poll_limit, "poll_limit"},
    {hold_cause::intake, "intake"},
    {hold_cause::day_limit, "day_limit"},
    {hold_cause::refused, "refused"},
    {hold_cause::message, "message"},
    {hold_cause::no_candidate, "no_candidate"},
    {hold_cause::person, "person"},
    {hold_cause::forgotten, "forgotten"},
}};

constexpr spelling<write_back_state, 6> write_back_spelling{{
    {write_back_state::pending, "pending"},
    {write_back_state::unconfirmed, "unconfirmed"},
    {write_back_state::done, "done"},
    {write_back_state::failed, "failed"},
    {write_back_state::held, "held"},
    {write_back_state::skipped, "skipped"},
}};

template <class Enum, std::size_t Size>
std::string_view spell(const spelling<Enum, Size>& table, Enum value)
{
    for (const auto& [candidate, text] : table)
        if (candidate == value)
            return text;
    return "?";
}

template <class Enum, std::size_t Size>
std::optional<Enum> read(const spelling<Enum, Size>& table, std::string_view text)
{
    for (const auto& [value, candidate] : table)
        if (candidate == text)
            return value;
    return std::nullopt;
}

} // namespace

std::string_view to_text(assessment_state state)
{
    return spell(state_spelling, state);
}

std::optional<assessment_state> assessment_state_from(std::string_view text)
{
    return read(state_spelling, text);
}

const std::vector<assessment_state>& final_states()
{
    static const std::vector<assessment_state> all{assessment_state::completed, assessment_state::did_not_take,
                                                   assessment_state::canceled, assessment_state::refused};
    return all;
}

bool is_final(assessment_state state)
{
    return std::ranges::count(final_states(), state) > 0;
}

std::string_view to_text(hold_cause cause)
{
    return spell(cause_spelling, cause);
}

std::optional<hold_cause> hold_cause_from(std::string_view text)
{
    return read(cause_spelling, text);
}

std::string_view to_text(write_back_state state)
{
    return spell(write_back_spelling, state);
}

std::optional<write_back_state> write_back_state_from(std::string_view text)
{
    return read(write_back_spelling, text);
}

} // namespace testdome_sync::sync
