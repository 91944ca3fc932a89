#include "daemon/arguments.hpp"

#include "config/reader.hpp"
#include "sync/application.hpp"

#include <stdexcept>
#include <vector>

namespace testdome_sync::daemon {
namespace {

std::optional<std::chrono::seconds> duration_in(const std::string& text)
{
    config::problems ignored;
    config::node written;
    written.kind = config::node_kind::scalar;
    written.text = text;
    return config::parse_duration(written, ignored);
}

/// A date or instant, or an age before now; nothing if it is empty.
std::optional<sync::wall_time> since_of(const std::string& text)
{
    if (text.empty())
        return std::nullopt;
    if (const auto time = sync::time_from(text))
        return time;
    if (const auto age = duration_in(text))
        return std::chrono::system_clock::now() - *age;
    throw std::runtime_error("--since is a date such as 2026-11-24, or an age such as 7d, not \"" + text + '"');
}

sync::assessment_state state_of(const std::string& text)
{
    if (const auto state = sync::assessment_state_from(text))
        return *state;
    const std::vector<std::string> known{"planned", "held",      "inviting",     "unconfirmed", "invited", "started",
                                         "scoring", "completed", "did_not_take", "canceled",    "refused"};
    throw std::runtime_error("there is no state \"" + text + '"' + config::did_you_mean(text, known));
}

} // namespace

std::chrono::seconds duration_of(const std::string& option, const std::string& text)
{
    if (const auto duration = duration_in(text))
        return *duration;
    throw std::runtime_error(option + " is a duration such as 90s, 15m, 2h or 7d, not \"" + text + '"');
}

sync::assessment_filter filter_of(const list_options& wanted)
{
    sync::assessment_filter filter;
    if (!wanted.state.empty())
        filter.states = {state_of(wanted.state)};
    filter.mapping = wanted.mapping;
    filter.email = sync::normalized_email(wanted.email);
    filter.updated_since = since_of(wanted.since);
    return filter;
}

} // namespace testdome_sync::daemon
