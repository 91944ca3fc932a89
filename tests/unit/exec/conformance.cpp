#include "connectors/exec/conformance.hpp"

#include "tests/unit/exec/real_programs.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <vector>

namespace testdome_sync::exec {
namespace {

/// A program that does everything right; `broken` names the mistake that it makes.
const std::string one_with_mistakes = R"(
import json, sys, time
broken, marks = sys.argv[1], set()
def say(**message):
    print(json.dumps(message), flush=True)
for line in sys.stdin:
    try:
        r = json.loads(line)
    except ValueError:
        if broken == "half" and line[0] == "{":
            say(type="done", id=1)
        continue
    id = r.get("id")
    if r["type"] == "hello":
        say(type="hello", protocol=2 if broken == "version" else 1, actions={"note": "checkable", "tag": "uncertain"})
    elif r["type"] == "poll" and broken == "cursor" and r["cursor"] != None:
        say(type="failure", id=id, code="malformed", message="what cursor?")
    elif r["type"] == "poll":
        for key in ("a", "a" if broken == "twice" else "b"):
            say(type="application", id=id, document={"application": {"id": {} if broken == "shape" else key}})
        say(type="done", id=id, cursor=7)
        if broken == "chatty":
            say(type="done", id=id)
    elif r["type"] == "check":
        if broken == "strict" and len(r) > 2:
            sys.exit(3)
        say(type="done", id=id, findings=["a stage is missing"])
    elif r["type"] == "write" and r["action"] not in ("note", "tag") and broken != "action":
        say(type="failure", id=id, code="unsupported")
    elif r["type"] == "write":
        there = r["ask_first"] and r["marker"] in marks and broken != "blind"
        marks.add(r["marker"])
        say(type="done", id=id, outcome="already_done" if there else "done")
    else:
        say(type="done" if broken == "unknown" else "failure", id=id, code="unsupported")
if broken == "stays":
    time.sleep(1000)
)";

} // namespace

BOOST_FIXTURE_TEST_SUITE(conformance_test, real_programs)

BOOST_AUTO_TEST_CASE(each_mistake_of_a_program_is_found_and_a_good_one_passes)
{
    struct row {
        std::string broken;
        std::string part; ///< the first that fails
        std::string explanation;
    };
    const std::vector<row> table{
        {"nothing", "", ""},
        {"version", "answers our hello", "it speaks protocol 2, and this testdome-sync speaks protocol 1"},
        {"twice", "answers a poll", "an application's id comes twice: a"},
        {"shape", "answers a poll", "an application is not in the shape that rules see: \"application.id\" is no text"},
        {"cursor", "answers a second poll with the cursor of the first, in the same process",
         "it says malformed: \"what cursor?\""},
        {"strict", "ignores members that it does not know",
         "it closed its output before it had answered: it ended with status 3"},
        {"unknown", "answers an unknown request with failure unsupported, and goes on", "it says done"},
        {"half", "never carries out half a request", "it answers: {\"type\": \"done\", \"id\": 1}"},
        {"stays", "ends by itself when its input is closed", "it runs on"},
        {"action", "answers an action that it does not have with failure unsupported",
         "it says that it has carried out \"no-such-action\""},
        {"blind", "carries out note (checkable)", "it was asked with ask_first whether it had carried this out"},
    };
    for (const auto& [broken, part, explanation] : table) {
        conformance_options options{described.program, std::chrono::seconds{5}, true};
        options.program.command = {"/usr/bin/python3", "-c", one_with_mistakes, broken};
        std::vector<conformance_result> all;
        const bool well = run(
            test_conformance(*launcher, clock, options, [&](const conformance_result& one) { all.push_back(one); }));
        const auto failed = std::ranges::find(all, conformance::failed, &conformance_result::outcome);
        BOOST_TEST(well == part.empty(), broken);
        BOOST_REQUIRE_MESSAGE((failed == all.end()) == part.empty(), broken);
        if (failed == all.end())
            continue;
        BOOST_TEST(failed->what == part, broken);
        BOOST_TEST(failed->explanation.starts_with(explanation), broken << ": " << failed->explanation);
    }
}

BOOST_AUTO_TEST_CASE(nothing_is_written_unless_it_is_asked_for)
{
    conformance_options options{described.program, std::chrono::seconds{5}, false};
    options.program.command = {"/usr/bin/python3", "-c", one_with_mistakes, "nothing"};
    std::vector<conformance_result> all;
    BOOST_TEST(
        run(test_conformance(*launcher, clock, options, [&](const conformance_result& one) { all.push_back(one); })));
    BOOST_TEST(all.size() == 13U);
    BOOST_TEST((all.back().outcome == conformance::skipped));
    BOOST_TEST(all.back().explanation == "nothing is written without --writes (note, tag)");
    BOOST_TEST(all[3].explanation == "it finds: a stage is missing");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::exec
