#include "daemon/supervisor.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <stdexcept>
#include <string>

namespace testdome_sync::daemon {
namespace asio = boost::asio;
namespace {

/// Says when whoever holds it is gone.
struct witness {
    explicit witness(bool& of) : gone(of) {}
    ~witness() { gone = true; }
    witness(const witness&) = delete;
    witness& operator=(const witness&) = delete;

    bool& gone;
};

asio::awaitable<void> wait_for_ever(bool& gone)
{
    const witness held(gone);
    asio::steady_timer never(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
    co_await never.async_wait(asio::use_awaitable);
}

asio::awaitable<void> fail(std::string how)
{
    asio::steady_timer soon(co_await asio::this_coro::executor, std::chrono::milliseconds{1});
    co_await soon.async_wait(asio::use_awaitable);
    throw std::runtime_error(how);
}

void throw_in_the_loop(asio::io_context& context, const std::string& what)
{
    asio::post(context, [what] { throw std::runtime_error(what); });
}

auto says(const std::string& what)
{
    return [what](const std::runtime_error& error) { return error.what() == what; };
}

} // namespace

BOOST_AUTO_TEST_SUITE(supervisor_of_work)

BOOST_AUTO_TEST_CASE(what_the_work_throws_is_told)
{
    asio::io_context context(1);
    supervisor supervised(context, {[] {}});

    BOOST_CHECK_EXCEPTION(supervised.supervise(fail("the ledger is gone")), std::runtime_error,
                          says("the ledger is gone"));
}

BOOST_AUTO_TEST_CASE(what_is_thrown_beside_the_work_is_told_after_the_work_has_ended)
{
    bool gone = false;
    asio::io_context context(1);
    supervisor supervised(context, {[] {}});
    throw_in_the_loop(context, "the ledger is damaged");

    BOOST_CHECK_EXCEPTION(supervised.supervise(wait_for_ever(gone)), std::runtime_error,
                          [&](const auto& error) { return gone && says("the ledger is damaged")(error); });
}

BOOST_AUTO_TEST_CASE(of_two_things_that_are_thrown_the_first_is_told)
{
    bool gone = false;
    asio::io_context context(1);
    supervisor supervised(context, {[] {}});
    throw_in_the_loop(context, "the cause");
    throw_in_the_loop(context, "a consequence");

    BOOST_CHECK_EXCEPTION(supervised.supervise(wait_for_ever(gone)), std::runtime_error, says("the cause"));
}

BOOST_AUTO_TEST_CASE(what_is_thrown_beside_the_work_is_told_though_the_process_was_asked_to_stop)
{
    bool gone = false;
    asio::io_context context(1);
    supervisor supervised(context, {[&] { throw_in_the_loop(context, "the ledger is damaged"); }});
    asio::post(context, [] { std::raise(SIGTERM); });

    BOOST_CHECK_EXCEPTION(supervised.supervise(wait_for_ever(gone)), std::runtime_error,
                          [&](const auto& error) { return gone && says("the ledger is damaged")(error); });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::daemon
