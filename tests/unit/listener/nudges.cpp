#include "daemon/listener/nudges.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <vector>

namespace testdome_sync::listener {
namespace {

struct listening {
    explicit listening(std::chrono::milliseconds between)
        : passed_on(loop.get_executor(), between, [this](const std::string& whom) { heard.push_back(whom); })
    {
    }
    /// Runs what is next, however long it takes to come; false if nothing is.
    bool step()
    {
        loop.restart(); // it had nothing to do
        return loop.run_one() > 0;
    }

    boost::asio::io_context loop{1};
    std::vector<std::string> heard;
    nudges passed_on;
};

} // namespace

BOOST_AUTO_TEST_SUITE(nudging)

BOOST_AUTO_TEST_CASE(whoever_nudges_does_not_wait_for_the_look)
{
    listening one(std::chrono::hours{1});
    one.passed_on.add("engineering");
    BOOST_TEST(one.heard.empty());
    one.step();
    BOOST_TEST(one.heard == std::vector<std::string>{"engineering"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_hundred_in_a_row_are_one_look_at_once_and_one_later)
{
    listening one(std::chrono::milliseconds{20});
    for (int i = 0; i < 100; ++i)
        one.passed_on.add("engineering");
    one.step();
    BOOST_TEST(one.heard.size() == 1U);
    for (int i = 0; i < 100; ++i)
        one.passed_on.add("engineering");
    BOOST_TEST(one.step());
    BOOST_TEST(one.heard.size() == 2U);
    BOOST_TEST(!one.step());
}

BOOST_AUTO_TEST_CASE(one_mapping_does_not_hold_up_another)
{
    listening one(std::chrono::hours{1});
    one.passed_on.add("engineering");
    one.step();
    one.passed_on.add("engineering");
    one.passed_on.add("sales");
    one.step();
    BOOST_TEST(one.heard == (std::vector<std::string>{"engineering", "sales"}), boost::test_tools::per_element());
    BOOST_TEST(one.loop.poll() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::listener
