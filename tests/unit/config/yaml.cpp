#include "config/node.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

namespace testdome_sync::config {
namespace {

struct parsed {
    std::optional<node> tree;
    problems found;
};

parsed parse(std::string text)
{
    auto file = std::make_shared<source>();
    file->name = "file.yaml";
    file->text = std::move(text);
    parsed made;
    made.tree = parse_yaml(file, made.found);
    return made;
}

std::string first_line(const problems& found)
{
    const auto text = found.text();
    return text.substr(0, text.find('\n'));
}

} // namespace

BOOST_AUTO_TEST_SUITE(yaml)

BOOST_AUTO_TEST_CASE(values_mean_what_the_core_schema_says)
{
    const auto read = parse("{a: 1, b: 1.5, c: true, d: null, e: text, f: '1', g: [x, ~]}");
    BOOST_REQUIRE(read.tree);
    BOOST_TEST(boost::json::serialize(to_json(*read.tree)) ==
               R"({"a":1,"b":1.5E0,"c":true,"d":null,"e":"text","f":"1","g":["x",null]})");
}

BOOST_AUTO_TEST_CASE(positions_and_tags_are_kept)
{
    const auto read = parse("rules:\n  - when: !jq .a == \"b\"\n");
    BOOST_REQUIRE(read.tree);
    const auto& when = *read.tree->find("rules")->items[0].find("when");
    BOOST_TEST(when.tag == "!jq");
    BOOST_TEST(when.text == ".a == \"b\"");
    BOOST_TEST(when.where.text() == "file.yaml:2:11");
}

BOOST_AUTO_TEST_CASE(a_key_that_stands_twice_is_told_with_its_position)
{
    BOOST_TEST(parse("a: 1\nb: 2\na: 3\n").found.text() == "file.yaml:3:1: \"a\" stands here a second time\n"
                                                           "    3 | a: 3\n"
                                                           "      | ^\n");
}

BOOST_AUTO_TEST_CASE(a_tab_in_the_indentation_is_named)
{
    BOOST_TEST(first_line(parse("a:\n\tb: 1\n").found) == "file.yaml:2:3: a tab in the indentation; YAML wants spaces");
}

BOOST_AUTO_TEST_CASE(aliases_that_multiply_each_other_are_refused_without_being_expanded)
{
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 10; ++i) {
        const auto before = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
        for (int k = 0; k < 10; ++k)
            bomb += before + (k == 9 ? "]\n" : ", ");
    }
    const auto read = parse(bomb);
    BOOST_TEST(!read.tree.has_value());
    BOOST_TEST(read.found.text().find("expands to more than 100000 values") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_alias_stands_for_a_copy)
{
    const auto read = parse("a: &x {k: 1}\nb: *x\n");
    BOOST_REQUIRE(read.tree);
    BOOST_TEST(boost::json::serialize(to_json(*read.tree)) == R"({"a":{"k":1},"b":{"k":1}})");
}

BOOST_AUTO_TEST_CASE(an_unknown_tag_is_told_with_the_nearest_one)
{
    BOOST_TEST(first_line(parse("a: !credental x\n").found) ==
               "file.yaml:1:4: unknown tag \"!credental\"; there are !jq, !credential, !env and !file; did you mean "
               "\"!credential\"?");
}

BOOST_AUTO_TEST_CASE(what_is_not_one_yaml_document_is_refused)
{
    BOOST_TEST(first_line(parse("").found) == "file.yaml:1:1: the file is empty");
    BOOST_TEST(first_line(parse("a: 1\n---\nb: 2\n").found).find("a second YAML document") != std::string::npos);
    BOOST_TEST(first_line(parse("a: [1, 2\n").found).find("this is not YAML") != std::string::npos);
    BOOST_TEST(first_line(parse(std::string("a: \0b", 5)).found).find("NUL byte") != std::string::npos);
    BOOST_TEST(first_line(parse("? [1]\n: 2\n").found).find("a key must be a word") != std::string::npos);
    BOOST_TEST(first_line(parse(std::string(200, '[')).found) != "");
}

BOOST_AUTO_TEST_CASE(a_mapping_is_merged_key_by_key)
{
    const auto base = parse("{a: {x: 1, y: 2}, b: [1]}"), changes = parse("{a: {y: 3}, b: [2, 3], c: 4}");
    BOOST_TEST(boost::json::serialize(to_json(merge(*base.tree, *changes.tree))) ==
               R"({"a":{"x":1,"y":3},"b":[2,3],"c":4})");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::config
