#include "connectors/catalog/starting_mapping.hpp"
#include "config/read_mapping.hpp"
#include "connectors/rest/description.hpp"
#include "tests/unit/catalog/sheet.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>

namespace testdome_sync::catalog {
namespace {

/// A preset that has just these actions, and maybe a URL.
std::string preset(const std::string& actions, const std::string& url = "url: https://api.acme.example\n")
{
    return url +
           "parameters: {key: {required: false, example: abc}}\nlist: {request: {path: /apps}, records: !jq "
           "'.body[]'}\napplication: {id: !jq .id}\nactions: {" +
           actions + "}\n";
}

std::optional<config::node> parsed(const std::string& name, const std::string& text, config::problems& found)
{
    auto file = std::make_shared<config::source>();
    file->name = name;
    file->text = text;
    return config::parse_yaml(file, found);
}

/// What is wrong with the mapping that is written for this preset; empty if `check` would accept it.
std::string complaints(const std::string& preset_text, std::string edited_from = {}, const std::string& edited_to = {})
{
    const sheet read(preset_text);
    auto text = starting_mapping(read.facts);
    if (!edited_from.empty()) {
        BOOST_REQUIRE_MESSAGE(text.find(edited_from) != std::string::npos, text);
        text.replace(text.find(edited_from), edited_from.size(), edited_to);
    }
    config::problems found;
    const auto of_preset = parsed("preset.yaml", preset_text, found);
    const auto tree = parsed("mapping.yaml", text, found);
    if (!tree || !of_preset)
        return found.text();
    const auto mapping = config::read_mapping(*tree, "mapping.yaml", {}, found);
    rest::read_description(mapping, &*of_preset, found);
    mapping.library->compile(found);
    return found.text();
}

} // namespace

BOOST_AUTO_TEST_SUITE(starting_mappings)

BOOST_AUTO_TEST_CASE(check_accepts_it_whatever_actions_there_are)
{
    BOOST_TEST(complaints(preset("")) == "");
    BOOST_TEST(complaints(preset("note: {request: {path: /n}}")) == "");
    BOOST_TEST(complaints(preset("field: {request: {path: /f}}")) == "");
    BOOST_TEST(complaints(preset("reject: {request: {path: /r}}")) == "");
    BOOST_TEST(
        complaints(preset("tag: {request: {path: /t}}, move_stage: {request: {path: /m}}, mail: {request: {path: "
                          "/x}}")) == "");
}

BOOST_AUTO_TEST_CASE(an_action_says_itself_how_its_value_is_written)
{
    const auto text =
        starting_mapping(sheet(preset("field: {example: '{12: !jq .result.score}', request: {path: /f}}")).facts);
    BOOST_TEST(text.find("    - field: {12: !jq .result.score}\n") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(a_company_s_own_address_has_its_place)
{
    BOOST_TEST(complaints(preset("", "")) == "");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_taken_back_and_what_is_optional_is_commented_out_and_right)
{
    const auto actions = "reject: {request: {path: /r}}";
    BOOST_TEST(complaints(preset(actions), "# credentials:\n  # optional\n  # key: abc\n",
                          "credentials:\n  key: abc\n") == "");
    BOOST_TEST(complaints(preset(actions),
                          "  completed: []\n    # - reject: Failed the test\n    #   when: !jq .result.passed | not\n",
                          "  completed:\n    - reject: Failed the test\n      when: !jq .result.passed | not\n") == "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::catalog
