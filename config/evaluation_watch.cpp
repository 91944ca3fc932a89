#include "config/evaluation_watch.hpp"

extern "C" {
#include <jq.h>
}

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>

#include <fcntl.h>
#include <unistd.h>

namespace testdome_sync::config {
namespace {

constexpr std::chrono::milliseconds tick{20};
constexpr long most_added_bytes = 64L * 1024 * 1024; ///< the unit allows the whole daemon 256 MiB

enum class stop { none, time, memory };

/// What the signal handler works on. Plain data: a handler may touch nothing that could be half changed.
struct watched {
    jq_state* volatile state = nullptr;
    volatile long ticks_left = 0;
    volatile long pages_at_first_tick = 0;
    volatile stop stopped = stop::none;
};
thread_local constinit watched here{};

/// Resident pages; 0 where /proc can't be read. Calls nothing that a signal handler may not call.
long resident_pages()
{
    char text[64]{};
    const int file = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return 0;
    const auto length = ::read(file, text, sizeof text - 1);
    ::close(file);
    long pages = 0;
    bool second = false; // `size resident …`
    for (ssize_t i = 0; i < length; ++i) {
        if (text[i] == ' ' && second)
            break;
        second = second || text[i] == ' ';
        if (second && text[i] >= '0' && text[i] <= '9')
            pages = pages * 10 + (text[i] - '0');
    }
    return pages;
}

extern "C" void look_at_evaluation(int)
{
    if (!here.state)
        return;
    const int kept = errno;
    const long pages = resident_pages();
    if (here.pages_at_first_tick == 0)
        here.pages_at_first_tick = pages;
    here.ticks_left = here.ticks_left - 1;
    const bool too_large = (pages - here.pages_at_first_tick) * ::getpagesize() > most_added_bytes;
    if (too_large || here.ticks_left <= 0) {
        here.stopped = too_large ? stop::memory : stop::time;
        jq_halt(here.state, jv_null(), jv_null()); // sets three members
        here.state = nullptr;
    }
    errno = kept;
}

/// The thread's own timer; made when first needed, and anew after a fork, which doesn't inherit it. SIGVTALRM is what
/// such a timer is meant for, and nobody else here uses it.
bool set_timer(std::chrono::milliseconds period)
{
    static thread_local timer_t timer{};
    static thread_local bool made = false;
    itimerspec times{};
    times.it_value.tv_nsec = std::chrono::nanoseconds(period).count();
    times.it_interval = times.it_value;
    if (made && ::timer_settime(timer, 0, &times, nullptr) == 0)
        return true;
    if (period.count() == 0)
        return true;
    struct sigaction action {};
    action.sa_handler = look_at_evaluation;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGVTALRM, &action, nullptr);
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = SIGVTALRM;
    event._sigev_un._tid = ::gettid();
    made = ::timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer) == 0;
    return made && ::timer_settime(timer, 0, &times, nullptr) == 0;
}

} // namespace

evaluation_watch::evaluation_watch(jq_state* state, std::chrono::milliseconds limit)
{
    here.stopped = stop::none;
    here.ticks_left = limit / tick;
    here.pages_at_first_tick = 0;
    here.state = state;
    set_timer(tick); // where there is no timer, there is no limit
}

evaluation_watch::~evaluation_watch()
{
    here.state = nullptr;
    set_timer(std::chrono::milliseconds{0});
}

const char* evaluation_watch::reason() const
{
    switch (here.stopped) {
    case stop::none: return nullptr;
    case stop::time: return "it takes too long and was stopped";
    case stop::memory: return "it takes too much memory and was stopped";
    }
    return nullptr;
}

} // namespace testdome_sync::config
