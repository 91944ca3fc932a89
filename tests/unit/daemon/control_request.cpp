#include "daemon/control_request.hpp"
#include "daemon/control_service.hpp"
#include "daemon/spreadsheet.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <stdexcept>

namespace testdome_sync::daemon {
namespace json = boost::json;

BOOST_AUTO_TEST_SUITE(control_requests)

BOOST_AUTO_TEST_CASE(what_is_asked_arrives_as_it_was_asked)
{
    control_request asked;
    asked.decision.kind = sync::decision_kind::extend;
    asked.decision.ids = {7, 12};
    asked.decision.by = std::chrono::hours{72};
    asked.decision.why = "is ill";
    asked.sudo_user = "admin";
    const auto arrived = control_request_from(to_json(asked));
    BOOST_TEST((arrived.what == control_request::kind::decide));
    BOOST_TEST((arrived.decision.kind == sync::decision_kind::extend));
    BOOST_TEST(arrived.decision.ids == asked.decision.ids, boost::test_tools::per_element());
    BOOST_TEST((arrived.decision.by == std::chrono::hours{72}));
    BOOST_TEST(arrived.decision.why == "is ill");
    BOOST_TEST(arrived.decision.who == "");
    BOOST_TEST(arrived.sudo_user == "admin");

    asked.what = control_request::kind::poll;
    asked.decision.subject = "engineering";
    const auto poll = control_request_from(to_json(asked));
    BOOST_TEST((poll.what == control_request::kind::poll));
    BOOST_TEST(poll.decision.subject == "engineering");
}

BOOST_AUTO_TEST_CASE(an_answer_arrives_as_it_was_given)
{
    const auto arrived =
        decision_answer_from(to_json(sync::decision_answer{{{"7", true, "done"}, {"8", false, "no"}}}));
    BOOST_REQUIRE(arrived.items.size() == 2U);
    BOOST_TEST(arrived.items[1].subject == "8");
    BOOST_TEST(!arrived.items[1].done);
    BOOST_TEST(arrived.items[1].text == "no");
    BOOST_TEST(!arrived.is_done());
    for (const auto* text :
         {"null", "{}", "[1]", R"([{"subject": "7"}])", R"([{"subject": 7, "done": 1, "text": ""}])"})
        BOOST_CHECK_THROW(decision_answer_from(json::parse(text)), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(what_is_no_command_is_refused)
{
    const auto good = to_json(control_request{});
    BOOST_CHECK_NO_THROW(control_request_from(good));
    for (const auto& member : good) {
        auto lacking = good;
        lacking.erase(member.key());
        BOOST_CHECK_THROW(control_request_from(lacking), std::invalid_argument);
        auto other = good;
        other[member.key()] = json::object{};
        BOOST_CHECK_THROW(control_request_from(other), std::invalid_argument);
    }
    auto with = [&](const char* key, json::value value) {
        auto changed = good;
        changed[key] = std::move(value);
        return changed;
    };
    BOOST_CHECK_THROW(control_request_from(with("command", "shut down")), std::invalid_argument);
    BOOST_CHECK_THROW(control_request_from(with("ids", json::array{1.5})), std::invalid_argument);
    BOOST_CHECK_THROW(control_request_from(with("ids", json::array{"1"})), std::invalid_argument);
    BOOST_CHECK_THROW(control_request_from(with("by_seconds", -1)), std::invalid_argument);
    BOOST_CHECK_THROW(control_request_from(with("by_seconds", 1e300)), std::invalid_argument);
    BOOST_CHECK_THROW(control_request_from(with("why", json::string(1001, 'x'))), std::invalid_argument);
    BOOST_CHECK_THROW(control_request_from(json::value(nullptr)), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(who_decides_is_told_with_who_became_root)
{
    BOOST_TEST(decided_by("root", "") == "root");
    BOOST_TEST(decided_by("root", "admin") == "admin (root)");
    BOOST_TEST(decided_by("root", "root") == "root");
    BOOST_TEST(decided_by("root", "a\nb") == "a b (root)");
    BOOST_TEST(user_name(0) == "root");
    BOOST_TEST(user_name(4'000'000'000U) == "4000000000");
}

BOOST_AUTO_TEST_CASE(a_spreadsheet_takes_no_name_for_a_formula)
{
    BOOST_TEST(without_formula("=HYPERLINK(1)") == "'=HYPERLINK(1)");
    BOOST_TEST(without_formula("+1") == "'+1");
    BOOST_TEST(without_formula("-1") == "'-1");
    BOOST_TEST(without_formula("@SUM") == "'@SUM");
    BOOST_TEST(without_formula("\t=1") == "'\t=1");
    BOOST_TEST(without_formula("Ada") == "Ada");
    BOOST_TEST(without_formula("") == "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::daemon
