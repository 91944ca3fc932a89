#include "sync/start.hpp"

#include <optional>
#include <string_view>

namespace testdome_sync::sync {
namespace {

constexpr std::string_view before_start = "applied before the start of this mapping";

/// Nothing: everybody may be invited.
std::optional<wall_time> start_of(const config::mapping& mapping, const mapping_record& record)
{
    switch (mapping.poll.start) {
    case config::start_mode::all: return std::nullopt;
    case config::start_mode::date: return mapping.poll.start_date;
    case config::start_mode::now: break;
    }
    return record.started_at;
}

bool applied_before_start(const config::mapping& mapping, const application& application, const mapping_record& record,
                          const std::string& reason_before)
{
    const auto start = start_of(mapping, record);
    if (!start)
        return false;
    if (application.applied_at)
        return *application.applied_at < *start;
    if (application.applied_after && *application.applied_after >= *start)
        return false;
    // Without a time of application, whoever is there at the first poll was there before. That is the first one that
    // finds anybody, unless polls read a window: that may be empty while nothing happens.
    const bool first_poll = application.applied_after ? !record.last_success : !record.read_until;
    return first_poll || reason_before == before_start;
}

} // namespace

std::string reason_to_skip(const config::mapping& mapping, const application& application, const mapping_record& record,
                           const std::string& reason_before)
{
    // Told before anything else, as it is remembered: who was closed then may be taken up again later.
    if (applied_before_start(mapping, application, record, reason_before))
        return std::string(before_start);
    return is_closed(application) ? "the application is " + application.status : std::string{};
}

bool may_be_from_before_start(const config::mapping& mapping, const application& application, ledger& ledger)
{
    if (application.applied_at || !application.applied_after)
        return false;
    const auto start = start_of(mapping, ledger.find_mapping(mapping.name));
    return start && *application.applied_after < *start;
}

} // namespace testdome_sync::sync
