#include "sync/outbox.hpp"

#include "sync/documents.hpp"
#include "sync/state_events.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>

namespace testdome_sync::sync {
namespace asio = boost::asio;
namespace {

constexpr std::size_t slice = 500; ///< write-backs read from the ledger at a time
constexpr std::chrono::seconds first_delay{30};
constexpr std::chrono::seconds longest_delay{3600};

/// Some hours of them.
constexpr int attempts_to_find = 10;

/// A connector's bug in the middle of a write leaves its outcome unknown, and must not stop the other mappings.
asio::awaitable<result<write_outcome>> written(hr_connector& connector, write_order order)
{
    try {
        co_return co_await connector.write(std::move(order));
    } catch (const std::exception& error) {
        const auto* system = dynamic_cast<const boost::system::system_error*>(&error);
        if (system && system->code() == asio::error::operation_aborted)
            throw; // canceled
        co_return failure{errc::outcome_unknown, std::string("the connector failed: ") + error.what()};
    }
}

bool is_about_the_service(const failure& why)
{
    return why.code == errc::not_sent || why.code == errc::denied;
}

} // namespace

std::optional<wall_time> outbox::next_due(const std::string& mapping)
{
    return world_.ledger.next_write_back(mapping);
}

asio::awaitable<result<void>> outbox::deliver(active_mapping& mapping)
{
    for (;;) {
        auto due = world_.ledger.due_write_backs(world_.clock.wall(), mapping.settings.name, slice);
        if (due.empty())
            co_return result<void>{};
        for (auto& one : due) {
            if (stopping_)
                co_return result<void>{};
            auto delivered = co_await deliver_one(mapping, std::move(one));
            if (!delivered)
                co_return delivered.error();
        }
    }
}

std::optional<write_order> outbox::order_for(const write_back& sent)
{
    const auto assessment = world_.ledger.find_assessment(sent.assessment_id);
    const auto stored =
        assessment ? world_.ledger.find_application(sent.mapping, assessment->application_id) : std::nullopt;
    if (!stored)
        return std::nullopt;
    if (is_closed(stored->document) && sent.action != "note" && sent.state == write_back_state::pending)
        return std::nullopt;
    write_order order;
    order.action = sent.action;
    order.argument = sent.argument;
    order.document = with_assessment(stored->document, *assessment);
    order.document["marker"] = sent.marker;
    order.document["event"] = sent.event;
    order.ask_first = sent.state == write_back_state::unconfirmed;
    return order;
}

asio::awaitable<result<void>> outbox::deliver_one(active_mapping& mapping, write_back sent)
{
    auto order = order_for(sent);
    if (!order) {
        finish(sent, write_back_state::skipped, "the application was closed meanwhile");
        co_return result<void>{};
    }
    // Once there is a doubt, it lasts until the HR system has answered the question, however often asking fails.
    const auto before = sent;
    if (!mark_sending(mapping, sent))
        co_return result<void>{};
    const auto answer = co_await written(*mapping.connector, std::move(*order));
    settle(mapping, sent, answer, before);
    if (!answer && is_about_the_service(answer.error()))
        co_return answer.error();
    co_return result<void>{};
}

/// False if it may not be sent: an earlier attempt has an unknown outcome that nobody can look up.
bool outbox::mark_sending(active_mapping& mapping, write_back& sent)
{
    const auto repeats = mapping.connector->repeats(sent.action);
    if (repeats == repeatability::idempotent) {
        world_.ledger.require_ownership(); // else what is new by now would be overwritten
        return true;
    }
    if (repeats == repeatability::uncertain && sent.state == write_back_state::unconfirmed) {
        settle(mapping, sent, failure{errc::outcome_unknown, "the program ended while it was being sent"},
               write_back(sent));
        return false;
    }
    sent.state = write_back_state::unconfirmed;
    sent.updated_at = world_.clock.wall();
    // If this process dies, or its ledger is taken over, the request may still be under way for as long as one may
    // take. Asked any sooner, the HR system says that nothing is there, and then it is there twice. One second more,
    // as the ledger keeps whole ones.
    sent.next_attempt_at = sent.updated_at + mapping.connector->longest_write() + std::chrono::seconds{1};
    unit_of_work unit(world_.ledger);
    world_.ledger.save(sent);
    unit.commit();
    return true;
}

void outbox::settle(active_mapping& mapping, write_back& sent, const result<write_outcome>& answer,
                    const write_back& before)
{
    ++sent.attempts;
    if (answer) {
        finish(sent, write_back_state::done, *answer == write_outcome::already_done ? "was there already" : "");
        return;
    }
    const auto& why = answer.error();
    if (is_about_the_service(why)) {
        sent.state = before.state;
        postpone(sent, why);
    } else if (why.code == errc::outcome_unknown) {
        const bool can_ask = mapping.connector->repeats(sent.action) != repeatability::uncertain;
        sent.state = write_back_state::unconfirmed;
        postpone(sent, why);
        if (!can_ask) {
            sent.next_attempt_at = write_back_never;
            sent.reason = "it is not known whether it was written, and the HR system can't be asked: look there";
            unit_of_work unit(world_.ledger);
            world_.ledger.save(sent);
            unit.commit();
            report(sent, sent.reason, "writeback.failed");
        }
    } else if (why.code == errc::malformed || (why.code == errc::not_found && may_be_found(before, why))) {
        // A question that was answered badly (`already:`, a look-up), or nobody there: nothing was done.
        sent.state = before.state;
        postpone(sent, why);
    } else {
        finish(sent, write_back_state::failed, printable(why.detail));
    }
}

/// A merged candidate's id is gone until a poll brings the new one, and polls may fail for long: gone for good is only
/// who was not found before and after the HR system was read.
bool outbox::may_be_found(const write_back& before, const failure& why)
{
    const auto read = last_read_.find(before.mapping);
    const bool was_read_meanwhile = read != last_read_.end() && read->second >= before.updated_at;
    return before.attempts + 1 < attempts_to_find || before.reason != printable(why.detail) || !was_read_meanwhile;
}

void outbox::finish(write_back& sent, write_back_state state, std::string reason)
{
    sent.state = state;
    sent.reason = std::move(reason);
    sent.updated_at = world_.clock.wall();
    unit_of_work unit(world_.ledger);
    world_.ledger.save(sent);
    const auto assessment = world_.ledger.find_assessment(sent.assessment_id);
    if (assessment && is_final(assessment->state))
        books_.forget_raw_if_done(assessment->mapping, assessment->application_id);
    unit.commit();
    if (!assessment)
        return;
    if (state == write_back_state::done)
        world_.events.emit("writeback.done",
                           sent.action + " written" + (sent.reason.empty() ? "" : ": it " + sent.reason),
                           fields_of(*assessment));
    else if (state == write_back_state::failed)
        world_.events.emit("writeback.failed", sent.action + " is not written and won't be tried again: " + sent.reason,
                           fields_of(*assessment));
}

void outbox::postpone(write_back& sent, const failure& why)
{
    auto delay = std::min(longest_delay, first_delay * (1 << std::min(sent.attempts - 1, 7)));
    if (why.retry_after)
        delay = std::max(delay, *why.retry_after);
    sent.reason = printable(why.detail);
    sent.updated_at = world_.clock.wall();
    sent.next_attempt_at = sent.updated_at + delay;
    unit_of_work unit(world_.ledger);
    world_.ledger.save(sent);
    unit.commit();
    if (sent.attempts == 1)
        report(sent,
               sent.action + " is not written yet, next attempt in " + std::to_string(delay.count()) +
                   " s: " + sent.reason,
               "writeback.failed");
}

void outbox::report(const write_back& sent, const std::string& text, event_name event)
{
    const auto assessment = world_.ledger.find_assessment(sent.assessment_id);
    if (assessment)
        world_.events.emit(event, text, fields_of(*assessment));
}

} // namespace testdome_sync::sync
