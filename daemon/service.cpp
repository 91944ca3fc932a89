#include "daemon/service.hpp"

#include "daemon/log_writer.hpp"
#include "daemon/service_manager.hpp"
#include "daemon/standby.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace testdome_sync::daemon {
namespace asio = boost::asio;

namespace {

/// A request has a time limit of its own, but what reads a large HR system consists of many. Long after the last
/// invitation and write-back have ended, a reading that still goes on is broken off; the next one begins anew.
constexpr std::chrono::minutes reload_patience{5};

std::string work_of(const sync::environment& world)
{
    const auto all = std::to_string(world.mappings.size()) + " mapping(s)";
    if (!world.parts)
        return "polling " + all;
    const auto own = std::ranges::count_if(
        world.mappings, [&](const auto& one) { return world.parts->is_ours(sync::part_of(one.settings.name)); });
    return "polling " + std::to_string(own) + " of " + all +
           (world.parts->is_ours(sync::testdome_part) ? ", and TestDome" : "") + "; machines share the work";
}

} // namespace

std::unique_ptr<active_configuration> make_active(checked_configuration configuration, foundation& base,
                                                  std::unique_ptr<sync::event_sink> events)
{
    auto prints = fingerprints_of(configuration);
    return std::make_unique<active_configuration>(std::move(configuration), std::move(prints), base, std::move(events));
}

void tell_stopping(sync::event_sink& events)
{
    tell_stopping();
    events.emit("service.stopping", "asked to stop; requests in flight are finished first");
}

service::service(std::string path, foundation& base, std::unique_ptr<active_configuration> first)
    : path_(std::move(path)), base_(base), current_(std::move(first)),
      overdue_(base.context, asio::steady_timer::time_point::max())
{
}

std::string service::status() const
{
    return work_of(current_->program.world()) +
           (refused_.empty() ? "" : " with the configuration of before: " + refused_);
}

/// Who has been asked to stop takes nothing more, and leaves what it has to others as soon as that is finished.
std::vector<sync::bundle> service::bundles() const
{
    return stopping_ ? std::vector<sync::bundle>{} : sync::bundles_of(current_->program.world());
}

void service::parts_changed()
{
    if (!stopping_ && !next_)
        tell_ready(status());
}

asio::awaitable<void> service::live()
{
    working_ = true;
    for (;;) {
        co_await run_engine();
        if (stopping_ || !next_)
            co_return;
        co_await current_->program.finish_workers();
        if (stopping_)
            co_return;
        take_over();
        if (std::exchange(reload_again_, false))
            reload();
    }
}

/// Until the engine ends, by itself or because a reload has waited for long enough.
asio::awaitable<void> service::run_engine()
{
    auto group =
        asio::experimental::make_parallel_group(asio::co_spawn(base_.context, work(), asio::deferred),
                                                asio::co_spawn(base_.context, wait_until_overdue(), asio::deferred));
    const auto ended = co_await group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    const bool broken_off = overdue_.expiry() != asio::steady_timer::time_point::max() && std::get<0>(ended)[0] == 1;
    overdue_.expires_at(asio::steady_timer::time_point::max());
    if (std::get<1>(ended) && !broken_off)
        std::rethrow_exception(std::get<1>(ended));
}

/// The engine and the watch over it. What ends the one ends the other.
asio::awaitable<void> service::work()
{
    using namespace asio::experimental::awaitable_operators;
    std::exception_ptr first; // in time: the other one is canceled because of it
    const auto noted = [&first](asio::awaitable<void> part) -> asio::awaitable<void> {
        try {
            co_await std::move(part);
        } catch (...) {
            if (!first)
                first = std::current_exception();
            throw;
        }
    };
    try {
        co_await (noted(current_->engine.run()) && noted(current_->watch.run()));
    } catch (...) {
        std::rethrow_exception(first ? first : std::current_exception());
    }
}

void service::stop_work()
{
    current_->engine.stop();
    current_->watch.stop();
}

asio::awaitable<void> service::wait_until_overdue()
{
    for (;;) {
        boost::system::error_code moved;
        co_await overdue_.async_wait(asio::redirect_error(asio::use_awaitable, moved));
        const auto state = co_await asio::this_coro::cancellation_state;
        if (!moved || state.cancelled() != asio::cancellation_type::none)
            co_return;
    }
}

void service::stop()
{
    stopping_ = true;
    tell_stopping(events());
    stop_work();
}

void service::reload()
{
    if (stopping_)
        return;
    if (next_) {
        reload_again_ = true;
        return;
    }
    tell_reloading();
    next_ = prepare_next();
    if (!next_) {
        tell_ready(status());
        return;
    }
    overdue_.expires_after(reload_patience);
    stop_work();
}

/// Null if the files can't be used, which is told.
std::unique_ptr<active_configuration> service::prepare_next()
{
    const auto refuse = [&](const std::string& why) {
        events().emit("config.invalid", "not in force, the configuration of before goes on: " + why);
    };
    try {
        auto configuration = read_configuration(path_);
        const auto& ledger = current_->program.world().settings.ledger;
        if (!configuration.main.ledger.is_same_place(ledger)) {
            refused_ = "the ledger was moved, which needs a restart";
            refuse("\"ledger\" names " + sync::shown(configuration.main.ledger) + " instead of " + sync::shown(ledger) +
                   "; a reload can't change that: set it back, or restart the service");
            return nullptr;
        }
        auto log = create_log_writer(configuration.main.log, create_sink(configuration.main.log.format));
        auto made = make_active(std::move(configuration), base_, std::move(log));
        refused_.clear();
        return made;
    } catch (const config::configuration_error& error) {
        const auto& problems = error.found().list();
        refused_ = std::to_string(problems.size()) + " mistake(s) in its files, see the log";
        tell_invalid(error, events());
    } catch (const sync::ledger_error&) {
        throw;
    } catch (const std::exception& error) { // a file that the configuration names
        refused_ = error.what();
        refuse(error.what());
    }
    return nullptr;
}

void service::take_over()
{
    const auto changes = compare(current_->fingerprints, next_->fingerprints);
    const auto touched = find_touched(changes, *base_.ledger);
    current_ = std::move(next_); // with it go the secrets of before
    for (const auto& mapping : changes.unchanged)
        if (!polled_after_reload_.contains(mapping))
            current_->engine.keep_schedule(mapping);
    polled_after_reload_.clear();
    events().emit("service.reloaded", to_text(changes, touched), fields_of(changes, touched));
    tell_ready(status());
    reloaded_();
}

sync::decision_answer service::carry_out(const control_request& asked, const std::string& who)
{
    if (asked.what == control_request::kind::poll)
        return poll_now(asked.decision.subject);
    auto decision = asked.decision;
    decision.who = who;
    auto answer = current_->desk.carry_out(decision);
    current_->engine.act_now();
    // Who is to be looked at anew, or was not looked at for a while, is so by a poll.
    std::set<std::string> polled;
    if (decision.kind == sync::decision_kind::resume)
        polled.insert(decision.subject);
    if (decision.kind == sync::decision_kind::retry)
        for (const auto id : decision.ids)
            if (const auto about = base_.ledger->find_assessment(id))
                polled.insert(about->mapping);
    for (const auto& mapping : polled)
        poll_soon(mapping);
    return answer;
}

sync::decision_answer service::poll_now(const std::string& mapping)
{
    const auto* found = current_->program.world().find_mapping(mapping);
    if (!found) {
        std::vector<std::string> names;
        for (const auto& one : current_->program.world().mappings)
            names.push_back(one.settings.name);
        return {{{mapping, false, "there is no mapping of this name" + config::did_you_mean(mapping, names)}}};
    }
    if (current_->program.world().is_paused(mapping))
        return {{{mapping, false, "it is paused; `resume` lets it go on"}}};
    poll_soon(mapping);
    return {{{mapping, true, "its HR system is read now"}}};
}

void service::look_now(const std::string& mapping)
{
    poll_soon(mapping);
}

void service::look_at_testdome_now()
{
    current_->engine.act_now(); // an engine that comes after this one begins with a look
}

/// The engine that is about to end polls nobody any more; the next one does.
void service::poll_soon(const std::string& mapping)
{
    if (next_ && current_->program.world().does(sync::part_of(mapping)))
        polled_after_reload_.insert(mapping);
    else
        current_->engine.look_now(mapping);
}

} // namespace testdome_sync::daemon
