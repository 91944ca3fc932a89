#include "sync/poller.hpp"

#include "sync/access.hpp"
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>

namespace testdome_sync::sync {
namespace asio = boost::asio;
namespace {

// An address that is corrected in the person's record need not change the application: those who wait for one are read
// again from time to time, for as long as somebody may still be at it.
constexpr std::chrono::hours look_again_every{1};
constexpr std::chrono::hours look_again_patience{24 * 30};

/// Where the window begins when nothing was read yet, or when changed rules ask for another look at everybody.
wall_time beginning(const config::mapping& mapping, const mapping_record& record)
{
    switch (mapping.poll.start) {
    case config::start_mode::all: return wall_time{};
    case config::start_mode::date: return wall_time{mapping.poll.start_date};
    case config::start_mode::now: break;
    }
    return record.started_at - mapping.poll.overlap;
}

/// A connector's bug is a failed poll of its own mapping and nothing else.
asio::awaitable<result<poll_answer>> polled(hr_connector& connector, poll_request request)
{
    try {
        co_return co_await connector.poll(std::move(request));
    } catch (const std::exception& error) {
        const auto* system = dynamic_cast<const boost::system::system_error*>(&error);
        if (system && system->code() == asio::error::operation_aborted)
            throw; // canceled
        co_return failure{errc::malformed, std::string("the connector failed: ") + error.what()};
    }
}

} // namespace

mapping_record poller::begin(const config::mapping& mapping, std::optional<wall_time> next)
{
    const auto now = world_.clock.wall();
    unit_of_work unit(world_.ledger);
    auto record = world_.ledger.find_mapping(mapping.name);
    if (record.started_at == wall_time{})
        record.started_at = now; // kept even if this poll fails: who applies from now on is new
    record.last_poll = now;
    record.next_poll = next;
    world_.ledger.save(record);
    unit.commit();
    return record;
}

wall_time poller::since(const config::mapping& mapping, const mapping_record& record)
{
    const auto window = std::max(*record.read_until - mapping.poll.overlap, beginning(mapping, record));
    const auto again = look_again_since(mapping.name);
    return again ? std::min(window, *again) : window;
}

std::optional<wall_time> poller::look_again_since(const std::string& mapping)
{
    const auto last = looked_again_.find(mapping);
    if (last != looked_again_.end() && world_.clock.now() - last->second < look_again_every)
        return std::nullopt;
    looked_again_[mapping] = world_.clock.now();
    const auto earliest = world_.clock.wall() - look_again_patience;
    std::optional<wall_time> since;
    for (const auto& held : world_.ledger.assessments(
             {.states = {assessment_state::held}, .causes = {hold_cause::email}, .mapping = mapping})) {
        const auto stored =
            held.created_at > earliest ? world_.ledger.find_application(mapping, held.application_id) : std::nullopt;
        if (!stored)
            continue;
        const auto changed = application_from(stored->document).updated_at.value_or(stored->first_seen);
        since = since ? std::min(*since, changed) : changed;
    }
    return since;
}

asio::awaitable<result<intake_summary>> poller::poll(active_mapping& mapping, std::optional<wall_time> next)
{
    const auto& settings = mapping.settings;
    auto record = begin(settings, next);
    // A mark in the future was set while the clock was wrong: what was read until then is not known.
    const bool from_the_beginning = !record.read_until || *record.read_until > world_.clock.wall() ||
                                    record.rules_fingerprint != fingerprint_of(settings);
    poll_request request;
    request.since = from_the_beginning ? beginning(settings, record) : since(settings, record);
    request.cursor = from_the_beginning ? boost::json::value(nullptr) : record.cursor;
    request.is_known = intake_.known_to(settings, record);
    const auto asked_at = world_.clock.wall();
    auto answer = co_await polled(*mapping.connector, std::move(request));
    if (!answer) {
        if (answer.error().code == errc::denied)
            note_access(world_.ledger, settings.name, true);
        note_failure(settings, answer.error());
        co_return answer.error();
    }
    note_access(world_.ledger, settings.name, false);
    if (intake_.has_news(settings, *answer, record)) {
        auto tests = co_await catalog_.refresh();
        if (!tests) {
            const failure why{tests.error().code, "TestDome's tests can't be read: " + tests.error().detail,
                              tests.error().retry_after};
            note_failure(settings, why);
            co_return why;
        }
    }
    co_return co_await intake_.accept(settings, std::move(*answer), std::move(record), asked_at);
}

void poller::note_failure(const config::mapping& mapping, const failure& why)
{
    const auto text = printable(why.detail);
    unit_of_work unit(world_.ledger);
    auto record = world_.ledger.find_mapping(mapping.name);
    const bool told_already = record.last_error == text;
    record.last_error = text;
    world_.ledger.save(record);
    unit.commit();
    if (!told_already)
        world_.events.emit("poll.failed", "nothing was changed, the next poll tries again: " + text,
                           {{"mapping", mapping.name}});
}

} // namespace testdome_sync::sync
