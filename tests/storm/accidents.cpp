#include "tests/storm/machine.hpp"

#include <array>

// What goes wrong on the machine.

namespace testdome_sync::testing {

using namespace std::chrono_literals;

void machine::have_accident()
{
    switch (dice_.below(9)) {
    case 0:
    case 1: return kill_soon();
    case 2: return stop_and_reconfigure();
    case 3: return take_over();
    case 4: return fill_disk();
    case 5: return break_disk();
    case 6: return lock_ledger();
    case 7: return suspend();
    default: return set_clock(dice_.chance(0.7) ? dice_.between(-10min, 10min) : dice_.between(-3h, 3h));
    }
}

void machine::invitation_leaves()
{
    if (accidents_in_flight_ <= 0 || !dice_.chance(0.2))
        return;
    --accidents_in_flight_;
    const auto delay = dice_.chance(0.5) ? std::chrono::microseconds(dice_.below(5000)) // before the answer comes
                                         : std::chrono::microseconds(dice_.between(0s, 30s));
    clock_.schedule(clock_.now() + delay, [this] { have_accident(); });
}

void machine::kill_soon()
{
    if (dice_.chance(0.5))
        writes_left_ = dice_.below(60);
    else
        clock_.step_limit = dice_.below(200);
}

void machine::stop_and_reconfigure()
{
    if (!current_.process || current_.process->has_ended())
        return;
    if (dice_.chance(0.6)) {
        edition_ =
            edition_ == installation::edition::first ? installation::edition::edited : installation::edition::first;
        events_.happened(disturbance::reconfigured);
    }
    tell(std::string("ASKED TO STOP; the mapping is ") +
         (edition_ == installation::edition::first ? "the first one" : "the edited one"));
    stop_asked_at_ = clock_.now();
    current_.process->engine().stop();
}

void machine::take_over()
{
    if (!current_.process || retiring_ || stop_asked_at_ || !disk_.is_alive(current_.number))
        return;
    events_.happened(disturbance::taken_over);
    tell("A SECOND PROCESS on the same ledger");
    writes_left_.reset();
    clock_.step_limit.reset();
    retiring_ = std::move(current_);
    current_ = {};
    start();
    if (!current_.process) { // it could not take over: the first one goes on
        ++starts_;
        current_ = std::move(*retiring_);
        retiring_.reset();
    }
}

void machine::set_clock(std::chrono::seconds by)
{
    events_.happened(disturbance::clock_set);
    tell("THE CLOCK is set by " + std::to_string(by.count()) + " s");
    clock_was_wrong_ = true;
    clock_.jump_wall(by - skew_);
    skew_ = by;
    if (dice_.chance(0.7))
        clock_.schedule(clock_.now() + dice_.between(10min, 6h), [this] {
            clock_.jump_wall(-skew_);
            skew_ = 0s;
        });
}

void machine::suspend()
{
    events_.happened(disturbance::suspended);
    const auto time = dice_.between(1min, 6h);
    tell("SUSPENDED for " + std::to_string(time.count()) + " s");
    clock_.suspend(time);
}

void machine::fill_disk()
{
    events_.happened(disturbance::disk_full);
    tell("THE DISK IS FULL");
    full_until_ = clock_.now() + dice_.between(1min, 1h);
    disk_was_ill_until_ = std::max(disk_was_ill_until_, full_until_ + 5min);
}

void machine::break_disk()
{
    events_.happened(disturbance::disk_error);
    tell("THE DISK FAILS now and then");
    broken_until_ = clock_.now() + (dice_.chance(0.5) ? std::chrono::milliseconds(dice_.between(1, 10'000))
                                                      : std::chrono::milliseconds(dice_.between(10s, 10min)));
    disk_was_ill_until_ = std::max(disk_was_ill_until_, broken_until_ + 5min);
}

void machine::lock_ledger()
{
    events_.happened(disturbance::ledger_locked);
    tell("THE LEDGER IS LOCKED by another program");
    locked_until_ = clock_.now() + (dice_.chance(0.5) ? std::chrono::milliseconds(dice_.between(1, 10'000))
                                                      : std::chrono::milliseconds(dice_.between(10s, 20min)));
    disk_was_ill_until_ = std::max(disk_was_ill_until_, locked_until_ + 5min);
}

} // namespace testdome_sync::testing
