// What a description may say, and how a mistake in it is told.
#include "tests/unit/rest/hr_system.hpp"

namespace testdome_sync::rest {
namespace {

std::string complaint(const std::string& text)
{
    const described made(text);
    const auto all = made.found.text();
    return all.substr(0, all.find('\n'));
}

/// With the parameter `company`, given as `company`.
std::string of_company(const std::string& url, const std::string& company)
{
    return "parameters: {company: {description: the company's name, secret: false}}\ncredentials: {company: \"" +
           company + "\"}\nurl: " + url +
           "\nlist: {request: {path: /apps}, records: !jq '.body[]'}\napplication: {id: !jq .id}\n";
}

} // namespace

BOOST_AUTO_TEST_SUITE(language)

BOOST_AUTO_TEST_CASE(where_the_hr_system_is_may_depend_on_a_credential)
{
    const std::string url = "https://{{ .credentials.company }}.example.com/v1/";
    const described made(of_company(url, "acme"));
    BOOST_REQUIRE_MESSAGE(made.what, made.found.text());
    BOOST_TEST(made.what->url == "https://acme.example.com/v1");
    const described fallback(of_company("https://{{ .credentials.host // \"eu\" }}.example.com", "acme"));
    BOOST_REQUIRE_MESSAGE(fallback.what, fallback.found.text());
    BOOST_TEST(fallback.what->url == "https://eu.example.com");

    for (const auto* wrong :
         {"https://acme.example.com", "acme.example.com/x?", "a b", "evil.org#", "a\\r\\nHost: b"}) {
        const auto text = complaint(of_company(url, wrong));
        BOOST_TEST(text ==
                       "m.yaml:6:6: \"url\" is no https:// address with these credentials: check what they say of it",
                   wrong << ": " << text);
    }
    BOOST_TEST(complaint(of_company("https://{{ now }}.example.com", "acme"))
                   .find("can hold a credential only, as in {{ .credentials.company }}") != std::string::npos);
    BOOST_TEST(
        complaint(of_company("http://{{ .credentials.company }}.example.com", "acme")).find("is no https:// address") !=
        std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_credential_that_the_address_needs_and_is_missing_is_told_once)
{
    const described made("parameters: {company: {description: the company's name}}\nurl: https://{{ "
                         ".credentials.company }}.example.com\nlist: {request: {path: /apps}, records: !jq "
                         "'.body[]'}\napplication: {id: !jq .id}\n");
    BOOST_REQUIRE(made.found.list().size() == 1U);
    BOOST_TEST(made.found.list()[0].message == "\"credentials\" needs \"company\": the company's name");
    BOOST_TEST(complaint(of_company("https://{{ .credentials.host }}.example.com", "acme")) ==
               "m.yaml:6:6: this needs a credential that is not given: {{ .credentials.host }}");
}

BOOST_AUTO_TEST_CASE(a_parameter_may_have_a_default)
{
    const described made(least + "parameters: {dc: {default: eu}, key: {required: false}}\n");
    BOOST_REQUIRE_MESSAGE(made.what, made.found.text());
    BOOST_TEST(made.what->credentials.at("dc") == boost::json::value("eu"));
    const described given(least + "parameters: {dc: {default: eu}}\ncredentials: {dc: com}\n");
    BOOST_REQUIRE_MESSAGE(given.what, given.found.text());
    BOOST_TEST(given.what->credentials.at("dc") == boost::json::value("com"));
}

BOOST_AUTO_TEST_CASE(what_the_hr_system_can_not_do_is_told_where_the_mapping_asks_for_it)
{
    const std::string actions =
        "actions: {note: {request: {path: /n}}}\nlacks: {move_stage: its API has no such call}\n";
    BOOST_TEST(complaint(least + actions) == "");
    BOOST_TEST(complaint(least + actions + "write_back: {completed: [{move_stage: Interview}]}\n") ==
               "m.yaml:9:27: \"rest\" can't do \"move_stage\": its API has no such call (it has: note)");
    BOOST_TEST(complaint(least + "lacks: {note: no such call}\nactions: {note: {request: {path: /n}}}\nwrite_back: "
                                 "{completed: [{note: x}]}\n") == ""); // the administrator knows better
}

BOOST_AUTO_TEST_CASE(mistakes_are_told_with_what_to_write_instead)
{
    const auto with = [](const std::string& more) { return complaint(least + more); };
    const auto in_list = [](const std::string& more) {
        return complaint("url: https://hr.example.com\nlist: {request: {path: /apps}, records: !jq '.body[]', " + more +
                         "}\napplication: {id: !jq .id}\n");
    };
    const std::vector<std::pair<std::string, std::string>> table{
        {with("time_zone: Zagreb\n"),
         "m.yaml:7:12: there is no time zone \"Zagreb\" (names are those of the IANA database, "
         "such as Europe/Zagreb; or write an offset, +01:00)"},
        {with("auth: {type: oauth2_refresh_token, token_url: https://a.example.com/t}\n"),
         "m.yaml:7:7: \"auth\" of type oauth2_refresh_token needs \"refresh_token\""},
        {with("auth: {type: query, value: x}\n"), "m.yaml:7:7: \"auth\" of type query needs \"name\""},
        {with("answer: {rules: [{when: !jq .x, then: retri}]}\n"),
         "m.yaml:7:39: \"then\" must be success, retry, stop, skip, fail, denied, not_found, unknown or forget_cursor, "
         "not "
         "\"retri\"; did you mean \"retry\"?"},
        {with("answer: {rules: [{when: !jq .x, then: fail, wait: 3s}]}\n"),
         "m.yaml:7:51: \"wait\" belongs to \"then: retry\""},
        {with("answer: {rules: {}}\n"), "m.yaml:7:17: \"rules\" must be a list"},
        {with("lookups: {x: {creates: true, request: {path: /x}, value: !jq .pages}}\n"),
         "m.yaml:7:10: a look-up that \"creates\", or has a \"batch\", belongs to an action"},
        {with("actions: {note: {lookups: {x: {batch: 9, cache: 5s, id: !jq .a, records: !jq .b, key: !jq .c, request: "
              "{path: /x}, "
              "value: !jq .pages}}, request: {path: /n}}}\n"),
         "m.yaml:7:31: lookup \"x\" has a \"batch\": it can have neither \"cache\" nor \"creates\""},
        {with("stage_names: {lookups: {x: {batch: 9, id: !jq .a, records: !jq .b, key: !jq .c, request: {path: /x}, "
              "value: "
              "!jq .pages}}, names: !jq .lookup.x}\n"),
         "m.yaml:7:14: \"stage_names\" only asks, and for all: it can't have a lookup with \"creates\" or \"batch\""},
        {with("actions: {note: {request: []}}\n"), "m.yaml:7:27: the request of action \"note\" is an empty list"},
        {with("actions: {note: {request: {path: /n, body: {}, text: x}}}\n"),
         "m.yaml:7:27: the request of action \"note\" has either a body, a form or a text"},
        {in_list("since: isoo"), "m.yaml:5:63: \"since\" must be iso, iso_ms, iso_naive, date, epoch_s, epoch_ms, or a "
                                 "pattern such as %Y-%m-%dT%H:%M:%S, not \"isoo\""},
        {in_list("paging: {type: cursor, parameter: c, next: !jq .c, keep_query: true}"),
         "m.yaml:5:64: \"keep_query\" is for paging of type link_header or next_url"},
        {in_list("cursor: !jq .x, for_each: {request: {path: /j}, items: !jq '.body[]'}"),
         "m.yaml:5:7: a list with \"for_each\" can't have a \"cursor\": there is one for all of it"},
    };
    for (const auto& [said, expected] : table)
        BOOST_TEST(said == expected);
}

BOOST_AUTO_TEST_CASE(a_rate_limit_is_read_as_it_is_written)
{
    const described made(
        least + "rate_limit: {concurrent: 1, per_second: 10, burst: 20, credits: 5000, credits_per: 24h, pause: "
                "62s}\nactions: {note: {request: {path: /n, cost: 3}}}\n");
    BOOST_REQUIRE_MESSAGE(made.what, made.found.text());
    BOOST_TEST(made.what->service.burst == 20);
    BOOST_TEST(made.what->service.credits == 5000);
    BOOST_TEST((made.what->service.pause == std::chrono::seconds{62}));
    BOOST_TEST(made.what->actions.at("note").requests.front().request.cost == 3);
    const described window(least + "rate_limit: {requests: 75, per: 30s}\n");
    BOOST_REQUIRE_MESSAGE(window.what, window.found.text());
    BOOST_TEST(window.what->service.requests == 75);
    BOOST_TEST((window.what->service.window == std::chrono::seconds{30}));
    BOOST_TEST(window.what->service.burst == 75);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::rest
