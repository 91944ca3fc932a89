#include "daemon/memory.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

#include <fstream>
#include <string>
#include <vector>

namespace testdome_sync::daemon {

BOOST_AUTO_TEST_SUITE(memory)

BOOST_AUTO_TEST_CASE(a_thrifty_loop_does_all_the_work_and_ends_when_nothing_is_left)
{
    boost::asio::io_context context(1);
    int done = 0;
    for (int i = 0; i < 1000; ++i)
        boost::asio::post(context, [&] { ++done; });
    boost::asio::steady_timer later(context, std::chrono::milliseconds{20});
    later.async_wait([&](const boost::system::error_code&) { ++done; });

    run_thriftily(context);

    BOOST_TEST(done == 1001);
}

BOOST_AUTO_TEST_CASE(a_thrifty_loop_ends_when_it_is_stopped_though_work_is_left)
{
    boost::asio::io_context context(1);
    boost::asio::steady_timer never(context, std::chrono::hours{1});
    never.async_wait([](const boost::system::error_code&) {});
    boost::asio::post(context, [&] { context.stop(); });

    run_thriftily(context);

    BOOST_TEST(context.stopped());
}

BOOST_AUTO_TEST_CASE(the_program_still_works_after_its_pages_were_given_back)
{
    std::vector<std::string> kept;
    for (int i = 0; i < 1000; ++i)
        kept.push_back(std::string(100, 'x') + std::to_string(i));

    give_memory_back();

    std::ifstream status("/proc/self/status");
    BOOST_TEST(status.is_open());
    BOOST_TEST(kept.back() == std::string(100, 'x') + "999");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::daemon
