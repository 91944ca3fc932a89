#include "connectors/exec/protocol.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <vector>

namespace testdome_sync::exec {
namespace json = boost::json;

BOOST_AUTO_TEST_SUITE(exec_protocol)

BOOST_AUTO_TEST_CASE(what_we_say_is_one_line_each)
{
    sync::poll_request poll;
    poll.since = *sync::time_from("2026-11-24T07:00:00Z");
    poll.cursor = json::value("a\nb");
    BOOST_TEST(hello_line("engineering") == "{\"type\":\"hello\",\"protocol\":1,\"mapping\":\"engineering\"}\n");
    BOOST_TEST(poll_line(3, poll) ==
               "{\"type\":\"poll\",\"id\":3,\"since\":\"2026-11-24T07:00:00Z\",\"cursor\":\"a\\nb\"}\n");
    BOOST_TEST(check_line(4) == "{\"type\":\"check\",\"id\":4}\n");
    sync::write_order order;
    order.action = "note";
    order.argument = "two\nlines";
    order.document = json::parse(R"({"application":{"id":"7"},"marker":"td-1"})").as_object();
    order.ask_first = true;
    BOOST_TEST(
        write_line(5, order) ==
        R"({"type":"write","id":5,"action":"note","argument":"two\nlines","document":{"application":{"id":"7"}},)"
        R"("marker":"td-1","ask_first":true})"
        "\n");
}

BOOST_AUTO_TEST_CASE(a_hello_names_the_actions_and_what_they_promise)
{
    const auto read = read_hello(
        R"({"type":"hello","protocol":1,"name":"acme","actions":{"note":"uncertain","field":"idempotent"},"new":1})");
    BOOST_REQUIRE(read.has_value());
    const auto& hello = std::get<program_hello>(*read);
    BOOST_TEST(hello.name == "acme");
    BOOST_TEST((hello.actions.at("note") == sync::repeatability::uncertain));
    BOOST_TEST((hello.actions.at("field") == sync::repeatability::idempotent));
}

BOOST_AUTO_TEST_CASE(what_is_no_hello_is_explained)
{
    const std::vector<std::pair<std::string, std::string>> table{
        {"Hello!", "a line that is not JSON"},
        {"[]", "a line that is no JSON object: \"[]\""},
        {"{}", "a message without a \"type\""},
        {R"({"type":"done","id":1})", "a message of type \"done\" where its hello was due"},
        {R"({"type":"hello"})", "a hello without its \"protocol\""},
        {R"({"type":"hello","protocol":2})", "it speaks protocol 2, and this testdome-sync speaks protocol 1"},
        {R"({"type":"hello","protocol":1,"actions":["note"]})", "\"actions\" of its hello must be an object"},
        {R"({"type":"hello","protocol":1,"actions":{"note":"maybe"}})",
         "its action \"note\" must be one of idempotent, checkable, uncertain"},
        {R"({"type":"failure","code":"tired"})", "a failure with the unknown code \"tired\""},
    };
    for (const auto& [line, what] : table) {
        const auto read = read_hello(line);
        BOOST_REQUIRE_MESSAGE(!read, line);
        BOOST_TEST(read.error().what.starts_with(what), line << ": " << read.error().what);
    }
}

BOOST_AUTO_TEST_CASE(an_answer_is_read_for_what_was_asked)
{
    const auto done = read_answer(R"({"type":"done","id":1,"cursor":{"page":2}})", request_kind::poll, 1);
    BOOST_TEST(std::get<done_line>(*done).cursor.at("page") == 2);
    const auto written = read_answer(R"({"type":"done","id":2,"outcome":"already_done"})", request_kind::write, 2);
    BOOST_TEST((std::get<done_line>(*written).outcome == sync::write_outcome::already_done));
    const auto checked = read_answer(R"({"type":"done","id":3,"findings":["no stage"]})", request_kind::check, 3);
    BOOST_TEST(std::get<done_line>(*checked).findings.at(0) == "no stage");
    const auto broken =
        read_answer(R"({"type":"broken","id":1,"record_id":7,"reason":"no job"})", request_kind::poll, 1);
    BOOST_TEST(std::get<broken_line>(*broken).what.id == "7");
    const auto failed = read_answer(R"({"type":"failure","id":1,"code":"denied","message":"m","retry_after":60})",
                                    request_kind::poll, 1);
    BOOST_TEST((std::get<failure_line>(*failed).why.code == sync::errc::denied));
    BOOST_TEST(std::get<failure_line>(*failed).why.retry_after->count() == 60);
}

BOOST_AUTO_TEST_CASE(every_code_of_a_failure_has_a_name)
{
    using enum sync::errc;
    for (const auto code : {not_sent, outcome_unknown, refused, denied, not_found, malformed, unsupported}) {
        const auto line = R"({"type":"failure","id":1,"code":")" + std::string(name_of(code)) + "\"}";
        const auto read = read_answer(line, request_kind::write, 1);
        BOOST_REQUIRE_MESSAGE(read.has_value(), line);
        BOOST_TEST((std::get<failure_line>(*read).why.code == code), line);
    }
    using enum sync::repeatability;
    for (const auto one : {idempotent, checkable, uncertain})
        BOOST_TEST((repeatability_named(name_of(one)) == one));
}

BOOST_AUTO_TEST_CASE(what_is_no_answer_is_explained)
{
    using enum request_kind;
    struct row {
        request_kind kind;
        std::string line;
        std::string what;
    };
    const std::vector<row> table{
        {poll, R"({"type":"done"})", "a message of type \"done\" without the \"id\" of the request"},
        {poll, R"({"type":"done","id":6})", "an answer to request 6, when request 7 was asked"},
        {poll, R"({"type":"hello","id":7})", "a message of the unknown type \"hello\""},
        {poll, R"({"type":"application","id":7})", "an application without its \"document\", which is an object"},
        {poll, R"({"type":"application","id":7,"document":[]})", "an application without its \"document\""},
        {poll, R"({"type":"record","id":7})", "a record without its \"record\""},
        {poll, R"({"type":"broken","id":7,"reason":{}})", "\"reason\" must be a text"},
        {write, R"({"type":"application","id":7,"document":{}})",
         "a message of type \"application\" in the answer to a write"},
        {write, R"({"type":"done","id":7})", "the outcome of a write must be done or already_done, not \"\""},
        {write, R"({"type":"done","id":7,"outcome":"ok"})", "the outcome of a write must be done or already_done"},
        {check, R"({"type":"done","id":7,"findings":"none"})", "\"findings\" must be a list of texts"},
        {check, R"({"type":"failure","id":7})", "a failure with the unknown code \"\""},
        {check, R"({"type":"failure","id":7,"code":"denied","retry_after":-1})",
         "\"retry_after\" must be seconds, from 0 to 604800"},
        {check, R"({"type":"failure","id":7,"code":"denied","retry_after":1e300})", "\"retry_after\" must be seconds"},
        {check, "{\"type\":\"ada@example.com\x1b\",\"id\":7}", "a line that is not JSON"},
        {check, "{\"type\":\"ada@example.com\",\"id\":7}", "a message of the unknown type \"a…@example.com\""},
    };
    for (const auto& [kind, line, what] : table) {
        const auto read = read_answer(line, kind, 7);
        BOOST_REQUIRE_MESSAGE(!read, line);
        BOOST_TEST(read.error().what.starts_with(what), line << ": " << read.error().what);
        BOOST_TEST(read.error().what.find("ada@") == std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::exec
