#include "connectors/catalog/caveats.hpp"
#include "tests/support/mapping_text.hpp"

#include <boost/test/unit_test.hpp>

namespace testdome_sync::catalog {
namespace {

/// One line for each caveat of a mapping whose connector, a preset above all, is described like that.
std::string told(const std::string& described, const std::string& write_back)
{
    config::problems found;
    const auto mapping = testing::mapping_from("acme", "write_back:\n" + write_back, {}, found);
    auto file = std::make_shared<config::source>();
    file->name = "acme.yaml";
    file->text = described;
    const auto preset = config::parse_yaml(file, found);
    BOOST_REQUIRE_MESSAGE(mapping && preset && found.empty(), found.text());
    std::string all;
    for (const auto& one : caveats_of(*mapping, *preset))
        all += one.where.text() + ": " + one.message + '\n';
    return all;
}

const std::string unconfirmed =
    "after a lost answer it can't be looked up and is not repeated: it becomes unconfirmed, "
    "and a person decides (`show`, `replay`)";

const std::string acme = R"(actions:
  note: {request: {path: /n}}
  field: {idempotent: true, request: {path: /f}}
  tag: {already: {when: !jq .x}, request: {path: /t}}
  move_stage: {already: {when: !jq .x}, caveat: a move may send e-mail, request: {path: /s}}
  reject: {caveat: it can't be undone, request: {path: /r}}
)";

} // namespace

BOOST_AUTO_TEST_SUITE(caveats)

BOOST_AUTO_TEST_CASE(what_can_neither_be_looked_up_nor_repeated_is_told_once_where_it_is_used_first)
{
    BOOST_TEST(told(acme, "  invited: [{note: a}]\n  completed: [{note: b}, {field: {x: 1}}, {tag: t}]\n") ==
               "m.yaml:5:14: \"note\": " + unconfirmed + '\n');
}

BOOST_AUTO_TEST_CASE(an_action_s_own_caveat_is_told_where_the_action_is_used)
{
    BOOST_TEST(told(acme, "  invited: [{reject: r}]\n  completed: [{move_stage: S}]\n") ==
               "m.yaml:5:14: \"reject\": " + unconfirmed +
                   "; it can't be undone\nm.yaml:6:16: \"move_stage\": a move may send e-mail\n");
}

BOOST_AUTO_TEST_CASE(of_actions_that_are_not_used_nothing_is_told)
{
    BOOST_TEST(told(acme, "  completed: [{tag: t}]\n") == "");
    BOOST_TEST(told("list: {}\n", "  completed: [{note: t}]\n") == ""); // a connector of which nothing is described
}

BOOST_AUTO_TEST_CASE(a_program_s_actions_are_what_the_mapping_says)
{
    BOOST_TEST(told("actions: {note: uncertain, tag: checkable, field: idempotent}\n",
                    "  completed: [{tag: t}, {field: {x: 1}}, {note: t}]\n") ==
               "m.yaml:5:43: \"note\": " + unconfirmed + '\n');
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::catalog
