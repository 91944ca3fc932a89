// One night of `retention` in a ledger, by the product's own eraser.
// bench_night LEDGER FINISHED-BEFORE (seconds since 1970); prints one JSON object.

#include "sync/eraser.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <random>
#include <string>

#include <sys/resource.h>

namespace {

using namespace testdome_sync;

class chance final : public sync::random_source {
public:
    double uniform() override { return std::uniform_real_distribution<>()(engine_); }

private:
    std::mt19937 engine_{1};
};

double cpu_milliseconds()
{
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto of = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
    };
    return of(used.ru_utime) + of(used.ru_stime);
}

boost::json::object night(sync::ledger& ledger, sync::wall_time finished_before)
{
    chance random;
    sync::eraser eraser(ledger, random);
    sync::erasing_progress progress;
    const auto began = cpu_milliseconds();
    double longest = 0;
    int steps = 0;
    for (bool goes_on = true; goes_on; ++steps) {
        const auto before = cpu_milliseconds();
        goes_on = eraser.erase_finished(finished_before, progress, sync::erased_at_once);
        longest = std::max(longest, cpu_milliseconds() - before);
    }
    return {{"erased", eraser.erased()},
            {"steps", steps},
            {"cpu_ms", cpu_milliseconds() - began},
            {"longest_step_cpu_ms", longest}};
}

} // namespace

int main(int count, char** arguments)
try {
    if (count != 3) {
        std::cerr << "bench_night LEDGER FINISHED-BEFORE\n";
        return 2;
    }
    const auto ledger = sync::open_sqlite_ledger(arguments[1], sync::ledger_access::write);
    const sync::wall_time finished_before{std::chrono::seconds{std::stoll(arguments[2])}};
    std::cout << boost::json::serialize(night(*ledger, finished_before)) << '\n';
    return 0;
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
}
