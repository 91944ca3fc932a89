#include "connectors/on_worker.hpp"
#include "connectors/worker_threads.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/test/unit_test.hpp>

#include <exception>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>

namespace testdome_sync::connectors {
namespace asio = boost::asio;
namespace {

struct loop_and_worker {
    void run(asio::awaitable<void> work)
    {
        std::exception_ptr thrown;
        asio::co_spawn(loop, std::move(work), [&](std::exception_ptr error) { thrown = error; });
        loop.run();
        if (thrown)
            std::rethrow_exception(thrown);
    }

    asio::io_context loop{1};
    asio::thread_pool workers{1};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(work_on_another_thread, loop_and_worker)

BOOST_AUTO_TEST_CASE(the_work_is_done_elsewhere_and_its_answer_comes_back_to_the_loop)
{
    const auto home = std::this_thread::get_id();
    std::thread::id worked_on, came_back_on;
    std::string answer;
    const auto ask = [&]() -> asio::awaitable<void> {
        const auto work = [&] {
            worked_on = std::this_thread::get_id();
            return std::string("done");
        };
        for (int i = 0; i < 100; ++i)
            answer = co_await on_worker(workers.get_executor(), work);
        came_back_on = std::this_thread::get_id();
    };
    run(ask());
    BOOST_TEST(answer == "done");
    BOOST_TEST((worked_on != home));
    BOOST_TEST((came_back_on == home));
}

BOOST_AUTO_TEST_CASE(what_the_work_throws_is_thrown_where_it_was_asked_for)
{
    std::string told;
    const auto ask = [&]() -> asio::awaitable<void> {
        const auto work = []() -> int { throw std::runtime_error("the disk is gone"); };
        try {
            co_await on_worker(workers.get_executor(), work);
        } catch (const std::runtime_error& error) {
            told = error.what();
        }
    };
    run(ask());
    BOOST_TEST(told == "the disk is gone");
}

BOOST_AUTO_TEST_CASE(what_hangs_on_one_thread_delays_no_other)
{
    std::promise<void> released;
    worker_threads threads;
    const auto hanging = threads.begin(), prompt = threads.begin();
    std::string order;
    const auto hang = [&]() -> asio::awaitable<void> {
        const auto work = [&] { released.get_future().wait(); };
        co_await on_worker(hanging, work);
        order += "released";
    };
    const auto go_on = [&]() -> asio::awaitable<void> {
        const auto work = [] { return 1; };
        co_await on_worker(prompt, work);
        order += "prompt, ";
        released.set_value();
    };
    asio::co_spawn(loop, hang(), [](std::exception_ptr error) { BOOST_TEST((error == nullptr)); });
    run(go_on());
    BOOST_TEST(order == "prompt, released");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::connectors
