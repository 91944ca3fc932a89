#include "daemon/listener/status_page.hpp"

#include "daemon/listener/cryptography.hpp"
#include "tests/support/small_world.hpp"

#include <boost/test/unit_test.hpp>

#include <regex>

namespace testdome_sync::listener {
namespace {

struct shown : small_world {
    std::string page() { return status_page(overview_of(*this, clock.wall()), "1.2.3"); }

    void hold(const std::string& application, sync::hold_cause cause)
    {
        sync::unit_of_work unit(*open);
        sync::stored_application seen;
        seen.mapping = "engineering";
        seen.id = application;
        seen.document = {{"applicant", {{"name", "Ada Lovelace"}, {"email", "ada@example.com"}}}};
        open->save(seen);
        sync::assessment held;
        held.mapping = "engineering";
        held.application_id = application;
        held.email = "ada@example.com";
        held.state = sync::assessment_state::held;
        held.cause = cause;
        held.reason = "the note for Ada Lovelace <ada@example.com>";
        held.updated_at = clock.wall() - std::chrono::hours{3};
        open->save(held, "test");
        unit.commit();
    }
};

std::size_t count(const std::string& text, const std::string& pattern)
{
    const std::regex wanted(pattern);
    return static_cast<std::size_t>(
        std::distance(std::sregex_iterator(text.begin(), text.end(), wanted), std::sregex_iterator()));
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(status_pages, shown)

BOOST_AUTO_TEST_CASE(it_tells_how_far_people_are_and_why_they_are_held)
{
    hold("1", sync::hold_cause::approval);
    hold("2", sync::hold_cause::approval);
    hold("3", sync::hold_cause::email);
    const auto text = page();
    BOOST_TEST(
        holds(text,
              "<tr><th scope=\"row\">waits for approval</th><td><time "
              "datetime=\"2026-11-25T08:00:00Z\">2026-11-25 08:00 UTC</time> <span class=\"away\">(3 h ago)</span></td>"
              "<td class=\"number\">2</td></tr>"),
        text);
    BOOST_TEST(holds(text, "no e-mail address that can be used"));
    BOOST_TEST(std::regex_search(text, std::regex("Selected</th>.*\"number\">3<")), text);
    BOOST_TEST(holds(text, "3 assessments held"));
    BOOST_TEST(holds(text, "At work."));
}

BOOST_AUTO_TEST_CASE(no_name_and_no_address_is_on_it)
{
    for (int cause = 0; cause <= static_cast<int>(sync::hold_cause::forgotten); ++cause)
        hold(std::to_string(cause), static_cast<sync::hold_cause>(cause));
    const auto text = page();
    BOOST_TEST(!holds(text, "Ada"));
    BOOST_TEST(!holds(text, "@example"));
    BOOST_TEST(count(text, "<th scope=\"row\"></th>") == 0U); // every cause has its words
}

BOOST_AUTO_TEST_CASE(a_screen_reader_finds_its_way)
{
    hold("1", sync::hold_cause::approval);
    const auto text = page();
    BOOST_TEST(holds(text, "<html lang=\"en\">"));
    BOOST_TEST(holds(text, "<title>testdome-sync: status</title>"));
    for (const auto* landmark : {"<header>", "<main>", "<footer>"})
        BOOST_TEST(count(text, landmark) == 1U, landmark);
    BOOST_TEST(count(text, "<h1>") == 1U);
    BOOST_TEST(count(text, "<table>") == count(text, "<table><caption>[^<]+</caption>"));
    BOOST_TEST(count(text, "<table>") == 5U); // three funnels, one of held people, the days
    BOOST_TEST(count(text, "<th[ >]") == count(text, "<th scope=\"(row|col)\""));
    BOOST_TEST(count(text, "<section") == count(text, "<section (class=\"card\" )?aria-labelledby="));
    BOOST_TEST(count(text, "<svg") == count(text, "<svg class=\"bar\" aria-hidden=\"true\""));
}

BOOST_AUTO_TEST_CASE(it_has_no_script_no_style_but_its_own_and_loads_nothing)
{
    add("<script>alert('x')</script>");
    const auto text = page();
    BOOST_TEST(!holds(text, "<script"));
    BOOST_TEST(holds(text, "&lt;script&gt;alert(&#39;x&#39;)"));
    BOOST_TEST(count(text, " (src|href|style|on[a-z]+)=") == 0U);
    BOOST_TEST(!holds(text, "url("));
    const auto begin = text.find("<style>") + 7, end = text.find("</style>");
    BOOST_TEST(holds(status_page_policy(), "'sha256-" + sha256_base64(text.substr(begin, end - begin)) + "'"));
}

BOOST_AUTO_TEST_CASE(what_fails_stands_first_with_what_to_do)
{
    sync::mapping_record record;
    record.name = "sales";
    record.last_error = "503 Service Unavailable";
    record.last_success = clock.wall() - std::chrono::hours{5};
    record.last_poll = clock.wall();
    remember(record);
    const auto text = page();
    BOOST_TEST(holds(text, "<strong>critical</strong>: sales: the HR system can&#39;t be read: 503"));
    BOOST_TEST(holds(text, "<code>testdome-sync check --online</code>"));
    BOOST_TEST(holds(text, "<p>Since <time datetime=\"2026-11-25T06:00:00Z\">"));
    BOOST_TEST(holds(text, "<strong class=\"critical\">can't be read</strong>"));
    BOOST_TEST(text.find("What needs a person") < text.find("HR systems"));
}

BOOST_AUTO_TEST_CASE(since_when_somebody_was_told_stands_where_the_ledger_knows_no_better)
{
    hold("1", sync::hold_cause::approval);
    BOOST_TEST(!holds(page(), "<p>Since"));
    sync::unit_of_work unit(*open);
    open->save_fact("alarms", boost::json::array{{{"name", "held"},
                                                  {"mapping", ""},
                                                  {"severity", "warning"},
                                                  {"text", ""},
                                                  {"remedy", ""},
                                                  {"since", "2026-11-25T10:00:00Z"},
                                                  {"in_the_log", true},
                                                  {"to_people", true},
                                                  {"is_over", false}}});
    unit.commit();
    BOOST_TEST(holds(page(), "<p>Since <time datetime=\"2026-11-25T10:00:00Z\">2026-11-25 10:00 UTC</time>"));
}

BOOST_AUTO_TEST_CASE(it_is_whole_when_nothing_has_happened_yet_and_when_nobody_works)
{
    working = false;
    all.clear();
    const auto text = page();
    BOOST_TEST(holds(text, "Not at work."));
    BOOST_TEST(holds(text, "<p class=\"well\">Nothing.</p>"));
    BOOST_TEST(text.ends_with("</html>\n"));
    BOOST_TEST(count(text, "<time datetime=\"2026-11-[0-9]+\">") == 14U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::listener
