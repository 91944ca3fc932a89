#include "sync/outbox.hpp"

#include "sync/documents.hpp"
#include "sync/state_events.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <exception>
#include <iterator>
#include <set>
#include <utility>

namespace testdome_sync::sync {
namespace asio = boost::asio;
namespace {

constexpr std::size_t slice = 500; ///< write-backs read from the ledger at a time
constexpr std::chrono::seconds first_delay{30};
constexpr std::chrono::seconds longest_delay{3600};
constexpr std::chrono::seconds longest_wait{86'400}; ///< even if the HR system asks for a longer one

/// Some hours of them.
constexpr int attempts_to_find = 10;

/// A connector's bug in the middle of a write leaves its outcome unknown, and must not stop the other mappings.
asio::awaitable<void> write(hr_connector& connector, write_order order, std::optional<result<write_outcome>>& answer)
{
    try {
        answer = co_await connector.write(std::move(order));
    } catch (const std::exception& error) {
        const auto* system = dynamic_cast<const boost::system::system_error*>(&error);
        if (system && system->code() == asio::error::operation_aborted)
            throw; // canceled
        answer = failure{errc::outcome_unknown, std::string("the connector failed: ") + error.what()};
    }
}

/// Whose record the action may change.
std::string person_in(const write_order& order)
{
    const auto* applicant = order.document.if_contains("applicant");
    const auto* id = applicant && applicant->is_object() ? applicant->get_object().if_contains("id") : nullptr;
    const auto* known = id && id->is_string() && !id->get_string().empty() ? &id->get_string() : nullptr;
    return known ? std::string(*known) : std::string{};
}

/// One second more than a request may take, as the ledger keeps whole ones.
wall_time after_longest_write(const hr_connector& connector, wall_time sent_at)
{
    return sent_at + connector.longest_write() + std::chrono::seconds{1};
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
    const auto most = std::max<std::size_t>(mapping.connector->writes_at_once(), 1);
    std::size_t at_once =
        1; // doubled as long as all goes well: a system that is down is asked once, not by all at once
    std::list<write_back> due;
    std::vector<attempt> begun;
    forget_wrong_clock(mapping);
    for (;;) {
        if (begun.empty() && due.empty()) {
            auto found = world_.ledger.due_write_backs(world_.clock.wall(), mapping.settings.name, slice);
            if (found.empty())
                co_return result<void>{};
            due.assign(std::move_iterator(found.begin()), std::move_iterator(found.end()));
        }
        const auto trouble = settle_and_begin(mapping, begun, due, at_once);
        if (trouble)
            co_return *trouble;
        if (begun.empty() && stopping_)
            co_return result<void>{};
        try {
            co_await carry_out(*mapping.connector, begun);
        } catch (...) { // canceled: what was answered is stored, and nothing begun
            settle_and_begin(mapping, begun, due, 0);
            throw;
        }
        at_once = std::min(at_once * 2, most);
    }
}

void outbox::forget_wrong_clock(const active_mapping& mapping)
{
    const auto now = world_.clock.wall();
    auto& last = last_delivery_.try_emplace(mapping.settings.name, wall_time::max()).first->second;
    const bool was_set_back = now < std::exchange(last, now); // perhaps before this process began
    if (!was_set_back)
        return;
    const auto soon = after_longest_write(*mapping.connector, now); // a request may be under way still
    const auto latest = std::max<wall_time>(now + longest_wait, soon);
    for (;;) {
        auto waiting = world_.ledger.write_backs_put_off(latest, mapping.settings.name, slice);
        if (waiting.empty())
            return;
        unit_of_work unit(world_.ledger);
        for (auto& one : waiting) {
            one.next_attempt_at = soon;
            world_.ledger.save(one);
        }
        unit.commit();
    }
}

std::optional<failure> outbox::settle_and_begin(active_mapping& mapping, std::vector<attempt>& begun,
                                                std::list<write_back>& due, std::size_t at_once)
{
    notices_.clear();
    std::optional<unit_of_work> unit;
    const auto trouble = settle(mapping, begun, unit);
    // What can't be asked for again must not be undone by something that is wrong with the next ones.
    const bool is_certain = std::ranges::none_of(begun, [&](const attempt& one) {
        return mapping.connector->repeats(one.before.action) == repeatability::uncertain;
    });
    if (unit && !is_certain) {
        unit->commit();
        unit.reset();
        tell_all();
    }
    begun.clear();
    if (!trouble && !stopping_)
        begun = begin(mapping, due, at_once, unit);
    if (unit)
        unit->commit();
    else if (!begun.empty())
        world_.ledger.require_ownership(); // else what is new by now would be overwritten
    tell_all();
    return trouble;
}

std::vector<outbox::attempt> outbox::begin(active_mapping& mapping, std::list<write_back>& due, std::size_t most,
                                           std::optional<unit_of_work>& unit)
{
    std::vector<attempt> begun;
    std::set<std::int64_t> assessments;
    std::set<std::string> people;
    for (auto next = due.begin(); next != due.end() && begun.size() < most;) {
        if (assessments.contains(next->assessment_id)) {
            ++next;
            continue;
        }
        const auto repeats = mapping.connector->repeats(next->action);
        if (repeats == repeatability::uncertain && !begun.empty())
            break; // alone, so that a crash leaves one doubt that nobody can look up, and not many
        if (!unit && repeats != repeatability::idempotent)
            unit.emplace(world_.ledger);
        auto about = world_.ledger.find_assessment(next->assessment_id);
        auto order = about ? order_for(*next, *about) : std::nullopt;
        const auto person = order ? person_in(*order) : std::string{};
        if (!person.empty() && people.contains(person)) {
            ++next;
            continue;
        }
        auto sent = std::move(*next);
        next = due.erase(next);
        if (!order) {
            if (!unit)
                unit.emplace(world_.ledger);
            finish(sent, about ? &*about : nullptr, write_back_state::skipped, "the application was closed meanwhile");
            continue;
        }
        // Once there is a doubt, it lasts until the HR system has answered the question, however often asking fails.
        attempt one{sent, std::move(sent), std::move(*about), std::move(*order)};
        if (repeats == repeatability::uncertain && one.sent.state == write_back_state::unconfirmed) {
            one.answer = failure{errc::outcome_unknown, "the program ended while it was being sent"};
            settle(mapping, one);
            continue;
        }
        assessments.insert(one.sent.assessment_id);
        people.insert(person);
        if (repeats != repeatability::idempotent)
            mark_sending(mapping, one.sent);
        begun.push_back(std::move(one));
        if (repeats == repeatability::uncertain)
            break;
    }
    return begun;
}

asio::awaitable<void> outbox::carry_out(hr_connector& connector, std::vector<attempt>& begun)
{
    if (begun.empty())
        co_return;
    if (begun.size() == 1) {
        co_await write(connector, std::move(begun.front().order), begun.front().answer);
        co_return;
    }
    const auto executor = co_await asio::this_coro::executor;
    const auto start = [&](attempt& one) {
        return asio::co_spawn(executor, write(connector, std::move(one.order), one.answer), asio::deferred);
    };
    std::vector<decltype(start(begun.front()))> operations;
    for (auto& one : begun)
        operations.push_back(start(one));
    auto group = asio::experimental::make_parallel_group(std::move(operations));
    const auto ended = co_await group.async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
    for (const auto& canceled : std::get<1>(ended))
        if (canceled)
            std::rethrow_exception(canceled);
}

std::optional<failure> outbox::settle(active_mapping& mapping, std::vector<attempt>& begun,
                                      std::optional<unit_of_work>& unit)
{
    std::optional<failure> trouble;
    for (auto& one : begun) {
        if (!one.answer)
            continue;
        if (!unit)
            unit.emplace(world_.ledger);
        settle(mapping, one);
        if (!*one.answer && is_about_the_service(one.answer->error()) && !trouble)
            trouble = one.answer->error();
    }
    return trouble;
}

void outbox::tell_all()
{
    for (auto& [event, text, fields] : notices_)
        world_.events.emit(event, std::move(text), std::move(fields));
    notices_.clear();
}

std::optional<write_order> outbox::order_for(const write_back& sent, const assessment& about)
{
    auto stored = world_.ledger.find_application(sent.mapping, about.application_id);
    if (!stored)
        return std::nullopt;
    if (is_closed(stored->document) && sent.action != "note" && sent.state == write_back_state::pending)
        return std::nullopt;
    write_order order;
    order.action = sent.action;
    order.argument = sent.argument;
    order.document = with_assessment(std::move(stored->document), about);
    order.document["marker"] = sent.marker;
    order.document["event"] = sent.event;
    order.ask_first = sent.state == write_back_state::unconfirmed;
    return order;
}

void outbox::mark_sending(active_mapping& mapping, write_back& sent)
{
    sent.state = write_back_state::unconfirmed;
    sent.updated_at = world_.clock.wall();
    // If this process dies, or its ledger is taken over, the request may still be under way for as long as one may
    // take. Asked any sooner, the HR system says that nothing is there, and then it is there twice.
    sent.next_attempt_at = after_longest_write(*mapping.connector, sent.updated_at);
    world_.ledger.save(sent);
}

void outbox::settle(active_mapping& mapping, attempt& ended)
{
    auto& sent = ended.sent;
    ++sent.attempts;
    if (*ended.answer) {
        const bool was_there = **ended.answer == write_outcome::already_done;
        finish(sent, &ended.about, write_back_state::done, was_there ? "was there already" : "");
        return;
    }
    const auto& why = ended.answer->error();
    if (is_about_the_service(why)) {
        sent.state = ended.before.state;
        postpone(sent, ended.about, why);
    } else if (why.code == errc::outcome_unknown) {
        const bool can_ask = mapping.connector->repeats(sent.action) != repeatability::uncertain;
        sent.state = write_back_state::unconfirmed;
        postpone(sent, ended.about, why);
        if (!can_ask) {
            sent.next_attempt_at = write_back_never;
            sent.reason = "it is not known whether it was written, and the HR system can't be asked: look there";
            world_.ledger.save(sent);
            notices_.push_back({"writeback.failed", sent.reason, fields_of(ended.about)});
        }
    } else if (why.code == errc::malformed || (why.code == errc::not_found && may_be_found(ended.before, why))) {
        // A question that was answered badly (`already:`, a look-up), or nobody there: nothing was done.
        sent.state = ended.before.state;
        postpone(sent, ended.about, why);
    } else {
        finish(sent, &ended.about, write_back_state::failed, printable(why.detail));
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

void outbox::finish(write_back& sent, const assessment* about, write_back_state state, std::string reason)
{
    sent.state = state;
    sent.reason = std::move(reason);
    sent.updated_at = world_.clock.wall();
    world_.ledger.save(sent);
    if (!about)
        return;
    books_.forget_raw_if_done(about->mapping, about->application_id);
    if (state == write_back_state::done)
        notices_.push_back({"writeback.done",
                            sent.action + " written" + (sent.reason.empty() ? "" : ": it " + sent.reason),
                            fields_of(*about)});
    else if (state == write_back_state::failed)
        notices_.push_back({"writeback.failed",
                            sent.action + " is not written and won't be tried again: " + sent.reason,
                            fields_of(*about)});
}

void outbox::postpone(write_back& sent, const assessment& about, const failure& why)
{
    auto delay = std::min(longest_delay, first_delay * (1 << std::min(sent.attempts - 1, 7)));
    if (why.retry_after)
        delay = std::clamp(*why.retry_after, delay, longest_wait);
    sent.reason = printable(why.detail);
    sent.updated_at = world_.clock.wall();
    sent.next_attempt_at = sent.updated_at + delay;
    world_.ledger.save(sent);
    if (sent.attempts == 1)
        notices_.push_back({"writeback.failed",
                            sent.action + " is not written yet, next attempt in " + std::to_string(delay.count()) +
                                " s: " + sent.reason,
                            fields_of(about)});
}

} // namespace testdome_sync::sync
