#include "daemon/control_address.hpp"
#include "daemon/control_client.hpp"
#include "daemon/control_server.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace testdome_sync::daemon {
namespace asio = boost::asio;
namespace fs = std::filesystem;
using asio::local::stream_protocol;
using namespace std::chrono_literals;

namespace {

/// A server on a loop of its own; clients block on the test's thread.
struct serving {
    serving()
    {
        static int count = 0;
        directory = fs::temp_directory_path() /
                    ("testdome-sync-control." + std::to_string(::getpid()) + '.' + std::to_string(++count));
        fs::create_directories(directory);
        path = (directory / "control.sock").string();
    }
    ~serving()
    {
        stop();
        fs::remove_all(directory);
    }

    void start(const control_limits& limits = {})
    {
        auto answer = [](std::string_view line, uid_t user) {
            return std::string(line) + " of " + std::to_string(user);
        };
        server = std::make_unique<control_server>(loop.get_executor(), path, answer, limits);
        runner = std::thread([this] { loop.run(); });
    }
    void stop()
    {
        if (!runner.joinable())
            return;
        asio::post(loop, [this] {
            server.reset();
            busy.reset();
        });
        runner.join();
    }

    std::string ask(const std::string& line) { return ask_daemon(path, line, 10s); }

    stream_protocol::socket connect()
    {
        const control_address address(path);
        stream_protocol::socket made(clients);
        made.connect(address.endpoint());
        return made;
    }

    fs::path directory;
    std::string path;
    asio::io_context loop{1};
    std::optional<asio::executor_work_guard<asio::io_context::executor_type>> busy{loop.get_executor()};
    asio::io_context clients{1};
    std::unique_ptr<control_server> server;
    std::thread runner;
};

std::string own(const std::string& line)
{
    return line + " of " + std::to_string(::geteuid());
}

/// Everything until the end.
std::string rest_of(stream_protocol::socket& client)
{
    std::string text;
    boost::system::error_code ended;
    asio::read(client, asio::dynamic_buffer(text), ended);
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(control)

BOOST_FIXTURE_TEST_CASE(a_line_is_answered_with_a_line, serving)
{
    start();
    BOOST_TEST(ask("hold 1") == own("hold 1"));
    BOOST_TEST(ask("") == own(""));
    BOOST_TEST(ask(std::string(60000, 'x')).size() > 60000U);
}

BOOST_FIXTURE_TEST_CASE(only_its_owner_may_connect_and_nothing_stays_behind, serving)
{
    start();
    struct stat status {};
    BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0777U) == 0600U);
    stop();
    BOOST_TEST(!fs::exists(path));
    BOOST_CHECK_EXCEPTION(ask("hold 1"), std::runtime_error, [&](const std::runtime_error& error) {
        return std::string(error.what()).find("the daemon does not answer at " + path) == 0;
    });
}

BOOST_FIXTURE_TEST_CASE(a_socket_that_was_left_behind_is_replaced, serving)
{
    {
        const control_address address(path);
        stream_protocol::acceptor dead(clients, address.endpoint());
    }
    BOOST_REQUIRE(fs::exists(path));
    start();
    BOOST_TEST(ask("hold 1") == own("hold 1"));
}

BOOST_FIXTURE_TEST_CASE(somebody_else_is_refused_and_told, serving)
{
    control_limits limits;
    limits.user = ::geteuid() + 1;
    start(limits);
    BOOST_REQUIRE(::chmod(path.c_str(), 0666) == 0); // past the first hurdle
    std::string answer;
    std::thread somebody_else([&] {
        constexpr uid_t unchanged = static_cast<uid_t>(-1), nobody = 65534;
        ::syscall(SYS_setresuid, unchanged, nobody, unchanged); // of this thread; works for root only, who is served
        answer = ask("hold 1");
    });
    somebody_else.join();
    BOOST_TEST(answer == control_error("only root and the user of the service may give commands; use sudo"));
}

BOOST_FIXTURE_TEST_CASE(a_line_that_never_ends_is_refused, serving)
{
    control_limits limits;
    limits.line_bytes = 100;
    start(limits);
    auto client = connect();
    boost::system::error_code cut;
    asio::write(client, asio::buffer(std::string(100, 'x')), cut);
    BOOST_TEST(rest_of(client) == control_error("a command is one line of at most 100 bytes") + '\n');
    BOOST_TEST(ask("hold 1") == own("hold 1"));
}

BOOST_FIXTURE_TEST_CASE(half_a_line_is_no_command, serving)
{
    start();
    auto client = connect();
    asio::write(client, asio::buffer(std::string_view("hold 1")));
    client.shutdown(stream_protocol::socket::shutdown_send);
    BOOST_TEST(rest_of(client) == "");
}

BOOST_FIXTURE_TEST_CASE(a_client_that_says_nothing_or_reads_nothing_is_left, serving)
{
    control_limits limits;
    limits.conversation = 50ms;
    start(limits);
    auto silent = connect();
    auto half = connect();
    asio::write(half, asio::buffer(std::string_view("hold")));
    BOOST_TEST(rest_of(silent) == "");
    BOOST_TEST(rest_of(half) == "");
}

BOOST_FIXTURE_TEST_CASE(silent_clients_do_not_hold_up_others_until_they_are_too_many, serving)
{
    control_limits limits;
    limits.clients = 3;
    limits.conversation = 60s;
    start(limits);
    std::vector<stream_protocol::socket> silent;
    silent.push_back(connect());
    silent.push_back(connect());
    BOOST_TEST(ask("hold 1") == own("hold 1"));
    silent.push_back(connect());
    BOOST_TEST(ask("hold 1") == control_error("too many commands at once; try again"));
    silent.pop_back();
    // The server learns of it in its own time.
    std::string answer;
    do
        answer = ask("hold 1");
    while (answer != own("hold 1"));
    BOOST_TEST(answer == own("hold 1"));
}

BOOST_FIXTURE_TEST_CASE(two_at_once_get_an_answer_each, serving)
{
    start();
    auto first = connect();
    auto second = connect();
    asio::write(first, asio::buffer(std::string_view("hol")));
    asio::write(second, asio::buffer(std::string_view("hold 2\n")));
    BOOST_TEST(rest_of(second) == own("hold 2") + '\n');
    asio::write(first, asio::buffer(std::string_view("d 1\n")));
    BOOST_TEST(rest_of(first) == own("hold 1") + '\n');
}

BOOST_FIXTURE_TEST_CASE(a_path_that_no_address_has_room_for_is_reached_all_the_same, serving)
{
    const auto deep = directory / std::string(100, 'd');
    fs::create_directories(deep);
    path = (deep / "control.sock").string();
    start();
    BOOST_TEST(ask("hold 1") == own("hold 1"));
}

BOOST_FIXTURE_TEST_CASE(a_place_that_can_not_be_written_is_told_at_once, serving)
{
    path = "/nowhere/at/all/control.sock";
    BOOST_CHECK_THROW(start(), boost::system::system_error);
    path = "/nowhere/" + std::string(120, 'd') + "/control.sock";
    BOOST_CHECK_THROW(start(), boost::system::system_error);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::daemon
