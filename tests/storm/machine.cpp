#include "tests/storm/machine.hpp"

#include "tests/storm/people.hpp"

#include <algorithm>

namespace testdome_sync::testing {

using namespace std::chrono_literals;

/// As daemon/run.cpp has it.
constexpr std::chrono::seconds patience_with_a_stop{7};

machine::machine(dice chances, const installation& setup, virtual_clock& clock, http::transport& network,
                 chronicle& events, const broken_variant* mistake, std::vector<std::string>* trace)
    : dice_(chances), setup_(setup), clock_(clock), network_(network), events_(events), mistake_(mistake),
      trace_(trace), path_(simulated_disk::path("ledger.db")), jitter_(static_cast<std::uint64_t>(dice_.below(1 << 30)))
{
    disk_.lies_about_sync = mistake && mistake->disk_lies;
    disk_.disturb = [this](disk_operation what, int process) { return disturb(what, process); };
}

machine::~machine()
{
    clock_.step_limit.reset();
    disk_.end_process(current_.number);
    current_.process.reset();
    if (retiring_)
        disk_.end_process(retiring_->number);
}

void machine::tell(const std::string& what)
{
    if (!trace_)
        return;
    const auto time = std::chrono::duration_cast<std::chrono::seconds>(clock_.world_time().time_since_epoch());
    const auto of_day = time % 24h;
    const auto two = [](long long number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    trace_->push_back(std::to_string(time / 24h - 20781) + '+' + two(of_day / 1h) + ':' + two(of_day % 1h / 1min) +
                      ':' + two(of_day % 1min / 1s) + "  " + what);
}

void machine::watched_events::write(const sync::event& event)
{
    std::string line = std::string(event.type->name) + ' ' + event.text;
    for (const auto& field : event.fields)
        if (field.kind == sync::field_kind::plain)
            line += ' ' + std::string(field.name) + '=' + field.value;
    for (const auto& secret : people::secrets())
        if (line.find(secret) != std::string::npos)
            of_.complain("the log tells \"" + secret + "\": " + line);
    of_.tell(line);
}

std::unique_ptr<simulated_process> machine::make_process()
{
    auto ledger = sync::open_sqlite_ledger(path_, sync::ledger_access::write);
    events_.compare(ledger->assessments({}));
    if (mistake_ && mistake_->before_ledger)
        ledger = mistake_->before_ledger(std::move(ledger));
    const auto files = setup_.files(edition_);
    auto made = std::make_unique<simulated_process>(
        process_parts{.files = files,
                      .ledger = std::make_unique<observed_ledger>(std::move(ledger), events_),
                      .network = network_,
                      .clock = clock_,
                      .random = jitter_,
                      .events = log_,
                      .before_platform = mistake_ ? mistake_->before_platform : nullptr,
                      .before_connector = mistake_ ? mistake_->before_connector : nullptr});
    made->world().people_at_once = setup_.at_once;
    if (mistake_ && mistake_->before_start)
        mistake_->before_start(made->settings());
    return made;
}

void machine::start()
{
    ++starts_;
    current_.number = disk_.begin_process();
    tell("START, process " + std::to_string(current_.number));
    try {
        current_.process = make_process();
        current_.process->start();
    } catch (const sync::ledger_error& error) {
        tell(std::string("does not start: ") + error.what());
        if (disk_.is_alive(current_.number) && clock_.now() > disk_was_ill_until_)
            complain(std::string("does not start: ") + error.what());
        current_.process.reset();
        disk_.end_process(current_.number);
        start_later(dice_.between(30s, 5min));
    }
}

void machine::start_later(std::chrono::seconds delay)
{
    clock_.schedule(clock_.now() + delay, [this, expected = starts_] {
        if (starts_ == expected && !current_.process)
            start();
    });
}

bool machine::is_running() const
{
    return (current_.process && disk_.is_alive(current_.number)) || (retiring_ && disk_.is_alive(retiring_->number));
}

sync::ledger* machine::ledger()
{
    return current_.process ? &current_.process->ledger() : nullptr;
}

void machine::nudge()
{
    if (current_.process && !stop_asked_at_)
        current_.process->engine().look_now();
}

void machine::run(std::chrono::seconds time, bool with_accidents)
{
    const auto end = clock_.now() + time;
    accidents_in_flight_ = with_accidents ? dice_.below(4) : 0;
    for (int i = with_accidents ? dice_.between(2, 14) : 0; i > 0; --i)
        clock_.schedule(clock_.now() + dice_.between(0s, time), [this] { have_accident(); });
    while (clock_.advance(end))
        look_after_processes();
    clock_.run_for(end - clock_.now());
}

void machine::become_calm()
{
    writes_left_.reset();
    clock_.step_limit.reset();
    full_until_ = broken_until_ = locked_until_ = clock_.now();
    accidents_in_flight_ = 0;
    clock_.jump_wall(-skew_);
    skew_ = 0s;
    look_after_processes();
    edition_ = installation::edition::calm;
    events_.happened(disturbance::reconfigured);
    if (current_.process)
        crash(false);
    tell("CALM from now on");
}

void machine::look_after_processes()
{
    if (retiring_ && retiring_->process->has_ended()) {
        look_at_end(*retiring_);
        disk_.end_process(retiring_->number);
        retiring_.reset();
    }
    if (!current_.process)
        return;
    if (clock_.step_limit == 0) {
        tell("KILLED between two steps");
        crash(dice_.chance(0.4));
    } else if (!disk_.is_alive(current_.number)) {
        tell("KILLED between two writes");
        crash(dice_.chance(0.4));
    } else if (current_.process->has_ended()) {
        look_at_end(current_);
        current_.process.reset();
        disk_.end_process(current_.number);
        stop_asked_at_.reset();
        insisted_ = false;
        start_later(dice_.between(1s, 2min));
    } else if (stop_asked_at_ && !insisted_ && clock_.now() - *stop_asked_at_ > patience_with_a_stop) {
        insisted_ = true;
        current_.process->kill(); // as the daemon does it: whatever is in flight ends here
        if (!current_.process->has_ended())
            complain("does not stop");
    }
}

void machine::look_at_end(const running& ended)
{
    const bool was_replaced = retiring_ && &ended == &*retiring_;
    try {
        if (ended.process->why())
            std::rethrow_exception(ended.process->why());
        if (!stop_asked_at_ && !was_replaced)
            complain("ended without being asked to");
        tell("STOPPED as asked");
    } catch (const sync::ledger_error& error) {
        tell(std::string("ENDED: ") + error.what());
        if (!was_replaced && clock_.now() > disk_was_ill_until_)
            complain(std::string("ended by itself: ") + error.what());
    } catch (const std::exception& error) {
        if (!insisted_)
            complain(std::string("ended by itself: ") + error.what());
        tell(std::string("STOPPED at once: ") + error.what());
    }
}

void machine::crash(bool power_fails)
{
    writes_left_.reset();
    clock_.step_limit.reset();
    stop_asked_at_.reset();
    insisted_ = false;
    events_.happened(power_fails ? disturbance::power_lost : disturbance::killed);
    disk_.end_process(current_.number);
    current_.process.reset();
    if (power_fails) {
        tell("POWER LOST");
        if (retiring_)
            disk_.end_process(retiring_->number);
        retiring_.reset();
        disk_.lose_power([this] { return dice_.uniform(); });
    }
    start_later(dice_.chance(0.7)   ? dice_.between(1s, 2min)
                : dice_.chance(0.8) ? dice_.between(2min, 5h)
                                    : dice_.between(5h, 12h));
}

disk_answer machine::disturb(disk_operation what, int process)
{
    const bool changes = what != disk_operation::read && what != disk_operation::lock;
    if (changes && writes_left_ && process == current_.number && --*writes_left_ < 0) {
        disk_.end_process(process);
        return disk_answer::broken;
    }
    const auto now = clock_.now();
    if (now < full_until_ && what == disk_operation::write)
        return disk_answer::full;
    if (now < broken_until_ && dice_.chance(0.3))
        return disk_answer::broken;
    if (now < locked_until_ && what == disk_operation::lock)
        return disk_answer::locked;
    return disk_answer::well;
}

} // namespace testdome_sync::testing
