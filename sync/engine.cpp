#include "sync/engine.hpp"

#include "sync/amender.hpp"
#include "sync/collector.hpp"
#include "sync/confirmer.hpp"
#include "sync/eraser.hpp"
#include "sync/inviter.hpp"
#include "sync/nudge.hpp"
#include "sync/outbox.hpp"
#include "sync/plan.hpp"
#include "sync/poller.hpp"
#include "sync/testdome_health.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>

#include <algorithm>
#include <deque>
#include <set>
#include <utility>

namespace testdome_sync::sync {
namespace asio = boost::asio;

namespace {

/// How often a mapping's write-backs are looked at when nothing tells that there are any.
constexpr std::chrono::hours far_away{24};

result<void> first_failure(result<void> earlier, result<void> later)
{
    return earlier ? std::move(later) : std::move(earlier);
}

} // namespace

struct engine::implementation {
    implementation(asio::any_io_executor on, environment& of)
        : executor(std::move(on)), world(of), books(world), catalog(world.platform, world.clock),
          selector(world, books, catalog), intake(world, books, selector), poller(world, intake, catalog),
          inviter(world, books, selector), confirmer(world, books, selector), collector(world, books, selector),
          amender(world, books), outbox(world, books), health(world), testdome_nudge(executor),
          retention_nudge(executor)
    {
        for (std::size_t i = 0; i < world.mappings.size(); ++i) {
            poll_nudges.emplace_back(executor);
            outbox_nudges.emplace_back(executor);
        }
    }

    asio::awaitable<void> watched(asio::awaitable<void> loop);
    asio::awaitable<void> poll_loop(std::size_t index);
    asio::awaitable<void> outbox_loop(std::size_t index);
    asio::awaitable<std::chrono::milliseconds> deliver(active_mapping& mapping);
    asio::awaitable<void> retention_loop();
    asio::awaitable<result<intake_summary>> poll(active_mapping& mapping, std::optional<wall_time> next);
    asio::awaitable<void> testdome_loop();
    asio::awaitable<bool> testdome_step();
    asio::awaitable<void> testdome_turn();
    asio::awaitable<result<void>> collect();
    own_parts::turn begin(const std::string& part);
    void wake(const std::string& part, part_call what, nudge& here);
    void wake_outboxes();
    monotonic_time first_poll_of(const config::mapping& mapping);

    asio::any_io_executor executor;
    environment& world;
    bookkeeper books;
    test_catalog catalog;
    sync::selector selector;
    sync::intake intake;
    sync::poller poller;
    sync::inviter inviter;
    sync::confirmer confirmer;
    sync::collector collector;
    sync::amender amender;
    sync::outbox outbox;
    testdome_health health;
    nudge testdome_nudge;
    nudge retention_nudge;
    std::deque<nudge> poll_nudges;     ///< one for each mapping, in their order
    std::deque<nudge> outbox_nudges;   ///< likewise
    std::set<std::string> on_schedule; ///< mappings whose first poll is not before it is due
    bool stopping = false;
    int recovered = -1;          ///< the tenure of TestDome's part in which what was interrupted before was looked at
    std::exception_ptr ended_by; ///< what ended the first of the loops, and with it all others
};

engine::engine(asio::any_io_executor executor, environment& world)
    : implementation_(std::make_unique<implementation>(std::move(executor), world))
{
}

engine::~engine() = default;

void engine::stop()
{
    auto& self = *implementation_;
    self.stopping = true;
    self.inviter.stop();
    self.outbox.stop();
    self.testdome_nudge.wake();
    self.retention_nudge.wake();
    for (auto& one : self.poll_nudges)
        one.wake();
    for (auto& one : self.outbox_nudges)
        one.wake();
}

void engine::look_now()
{
    auto& self = *implementation_;
    self.wake(testdome_part, part_call::act, self.testdome_nudge);
    for (const auto& mapping : self.world.mappings)
        look_now(mapping.settings.name);
}

bool engine::look_now(const std::string& mapping)
{
    const auto& mappings = implementation_->world.mappings;
    const auto found = std::ranges::find(mappings, mapping, [](const auto& one) { return one.settings.name; });
    if (found == mappings.end())
        return false;
    auto& here = implementation_->poll_nudges[static_cast<std::size_t>(found - mappings.begin())];
    implementation_->wake(part_of(mapping), part_call::poll, here);
    return true;
}

void engine::act_now()
{
    implementation_->wake(testdome_part, part_call::act, implementation_->testdome_nudge);
    implementation_->wake_outboxes();
}

void engine::call(const std::string& part, part_call what)
{
    auto& self = *implementation_;
    if (part == testdome_part)
        return self.testdome_nudge.wake();
    for (std::size_t i = 0; i < self.world.mappings.size(); ++i)
        if (part_of(self.world.mappings[i].settings.name) == part)
            (what == part_call::poll ? self.poll_nudges : self.outbox_nudges)[i].wake();
}

void engine::keep_schedule(const std::string& mapping)
{
    implementation_->on_schedule.insert(mapping);
}

/// Now, unless an engine before this one has polled it. The wall clock may have jumped meanwhile: never later than one
/// interval from now.
monotonic_time engine::implementation::first_poll_of(const config::mapping& mapping)
{
    const auto now = world.clock.now();
    const auto next = on_schedule.contains(mapping.name) ? world.ledger.find_mapping(mapping.name).next_poll
                                                         : std::optional<wall_time>{};
    if (!next)
        return now;
    const wall_time::duration every = mapping.poll.every;
    return now + std::clamp(*next - world.clock.wall(), wall_time::duration::zero(), every);
}

/// Of a ledger that isn't shared, all parts are ours for good.
own_parts::turn engine::implementation::begin(const std::string& part)
{
    return world.parts ? world.parts->begin(part) : own_parts::turn(std::make_shared<int>(0));
}

void engine::implementation::wake(const std::string& part, part_call what, nudge& here)
{
    if (!world.does(part))
        world.parts->call(part, what);
    else
        here.wake();
}

void engine::implementation::wake_outboxes()
{
    for (std::size_t i = 0; i < world.mappings.size(); ++i)
        wake(part_of(world.mappings[i].settings.name), part_call::act, outbox_nudges[i]);
}

/// Looks up what is in doubt, invites, withdraws, collects. Each part is tried even if one before it failed: an answer
/// that can't be understood about one thing must not hold up the others, and an open circuit breaker makes the rest
/// cheap.
asio::awaitable<bool> engine::implementation::testdome_step()
{
    auto outcome = co_await confirmer.confirm();
    if (!stopping)
        outcome = first_failure(std::move(outcome), co_await inviter.invite_planned());
    if (!stopping)
        outcome = first_failure(std::move(outcome), co_await amender.withdraw());
    if (!stopping)
        outcome = first_failure(std::move(outcome), co_await amender.extend());
    if (!stopping)
        outcome = first_failure(std::move(outcome), co_await collect());
    wake_outboxes();
    if (!outcome && stopping)
        co_return false; // requests that we have ended ourselves tell nothing about TestDome
    co_return health.report(outcome);
}

/// A result may make a rule select its person (`after:`), for which the tests must be known; no poll may have read them
/// here yet.
asio::awaitable<result<void>> engine::implementation::collect()
{
    const bool has_followers = std::ranges::any_of(world.mappings, [](const active_mapping& mapping) {
        return std::ranges::any_of(mapping.settings.rules,
                                   [](const config::rule& rule) { return rule.after.has_value(); });
    });
    if (has_followers && !catalog.known())
        if (const auto read = co_await catalog.refresh(); !read)
            co_return read.error();
    co_return co_await collector.collect();
}

/// One loop's failure cancels the others, and what leaves `&&` may be any of theirs: the first in time is the cause.
asio::awaitable<void> engine::implementation::watched(asio::awaitable<void> loop)
{
    try {
        co_await std::move(loop);
    } catch (...) {
        if (!ended_by)
            ended_by = std::current_exception();
        throw;
    }
}

asio::awaitable<result<intake_summary>> engine::implementation::poll(active_mapping& mapping,
                                                                     std::optional<wall_time> next)
{
    if (world.is_paused(mapping.settings.name))
        co_return intake_summary{};
    const auto began = world.clock.wall();
    auto polled = co_await poller.poll(mapping, next);
    if (polled)
        outbox.was_read(mapping.settings.name, began);
    co_return polled;
}

asio::awaitable<void> engine::implementation::poll_loop(std::size_t index)
{
    auto& mapping = world.mappings[index];
    const auto every = mapping.settings.poll.every;
    co_await poll_nudges[index].sleep_until(world.clock, first_poll_of(mapping.settings));
    while (!stopping) {
        auto due = world.clock.now() + far_away;
        if (const auto turn = begin(part_of(mapping.settings.name))) {
            due = world.clock.now() + every;
            const auto polled = co_await poll(mapping, world.clock.wall() + every);
            if (polled && polled->planned > 0)
                wake(testdome_part, part_call::act, testdome_nudge);
            if (polled && polled->held + polled->canceled > 0)
                outbox_nudges[index].wake();
        }
        if (stopping)
            break;
        co_await poll_nudges[index].sleep_until(world.clock, due);
    }
}

/// Writes back what is due, and tells how long there is nothing to do.
asio::awaitable<std::chrono::milliseconds> engine::implementation::deliver(active_mapping& mapping)
{
    constexpr auto for_long = std::chrono::milliseconds{far_away};
    const auto turn = begin(part_of(mapping.settings.name));
    if (!turn || world.is_paused(mapping.settings.name))
        co_return for_long;
    const auto delivered = co_await outbox.deliver(mapping);
    auto wait = for_long;
    const auto now = world.clock.wall();
    if (const auto next = outbox.next_due(mapping.settings.name))
        wait =
            std::chrono::duration_cast<std::chrono::milliseconds>(std::max(*next - now, wall_time::duration::zero()));
    if (!delivered)
        wait =
            std::max<std::chrono::milliseconds>(wait, delivered.error().retry_after.value_or(std::chrono::seconds{30}));
    co_return wait;
}

asio::awaitable<void> engine::implementation::outbox_loop(std::size_t index)
{
    auto& mapping = world.mappings[index];
    while (!stopping) {
        const auto wait = co_await deliver(mapping);
        if (stopping)
            break;
        co_await outbox_nudges[index].sleep_until(world.clock, world.clock.now() + wait + std::chrono::milliseconds{1});
    }
}

/// One step, if TestDome is ours; the first one after it has become so sees to what was interrupted before.
asio::awaitable<void> engine::implementation::testdome_turn()
{
    const auto turn = begin(testdome_part);
    if (!turn)
        co_return;
    const int tenure = world.parts ? world.parts->tenure(testdome_part) : 0;
    if (std::exchange(recovered, tenure) != tenure) {
        confirmer.recover_interrupted();
        health.forget();
    }
    try {
        co_await testdome_step();
    } catch (const ledger_conflict&) {
        testdome_nudge.wake(); // nothing was stored of that; what is left is looked at anew, and at once
    }
}

asio::awaitable<void> engine::implementation::testdome_loop()
{
    while (!stopping) {
        const auto due = world.clock.now() + world.settings.testdome.poll_every;
        co_await testdome_turn();
        if (stopping)
            break;
        co_await testdome_nudge.sleep_until(world.clock, due);
    }
}

/// Each night, by the clock of this machine's day (UTC): what is older than `retention` says loses names and addresses.
/// Not before the first night: whoever has set the clock or a new `retention` by mistake has time to notice.
asio::awaitable<void> engine::implementation::retention_loop()
{
    constexpr std::chrono::hours night{2};
    while (!stopping) {
        const auto now = world.clock.wall();
        auto next = std::chrono::floor<std::chrono::days>(now) + night;
        if (next <= now)
            next += std::chrono::days{1};
        co_await retention_nudge.sleep_until(world.clock, world.clock.now() + (next - now));
        const auto turn = begin(testdome_part);
        eraser eraser(world.ledger, world.random);
        erasing_progress progress;
        bool goes_on = turn && !stopping;
        while (goes_on) {
            goes_on = eraser.erase_finished(next - world.settings.retention_finished_after, progress, erased_at_once) &&
                      !stopping;
            co_await world.clock.sleep_until(world.clock.now()); // lets the others go on between two pages
        }
        if (eraser.erased() > 0)
            world.events.emit("ledger.erased", std::to_string(eraser.erased()) + " application(s) are erased",
                              {{"erased", std::to_string(eraser.erased())}});
    }
}

asio::awaitable<void> engine::run()
{
    using namespace asio::experimental::awaitable_operators;
    auto& self = *implementation_;
    auto all = self.watched(self.testdome_loop()) && self.watched(self.retention_loop());
    for (std::size_t i = 0; i < self.world.mappings.size(); ++i)
        all = std::move(all) && self.watched(self.poll_loop(i)) && self.watched(self.outbox_loop(i));
    try {
        co_await std::move(all);
    } catch (...) {
        std::rethrow_exception(self.ended_by ? self.ended_by : std::current_exception());
    }
}

asio::awaitable<bool> engine::run_once()
{
    auto& self = *implementation_;
    self.confirmer.recover_interrupted();
    self.confirmer.trust_wall_clock();
    bool well = true;
    for (auto& mapping : self.world.mappings) {
        if (self.stopping)
            break;
        const auto polled = co_await self.poll(mapping, std::nullopt);
        well = polled && well;
    }
    if (!self.stopping)
        well = co_await self.testdome_step() && well;
    for (auto& mapping : self.world.mappings) {
        if (self.stopping)
            break;
        if (self.world.is_paused(mapping.settings.name))
            continue;
        const auto delivered = co_await self.outbox.deliver(mapping);
        well = delivered && well;
    }
    self.world.events.emit("cycle.done", well ? "everything answered" : "not everything could be reached; see above");
    co_return well;
}

asio::awaitable<result<boost::json::array>> engine::plan()
{
    auto& self = *implementation_;
    co_return co_await make_plan(self.world, self.poller, self.inviter);
}

} // namespace testdome_sync::sync
