#include "config/templates.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

namespace testdome_sync::config {
namespace {

std::string rendered(const std::string& text, const std::string& document)
{
    auto file = std::make_shared<source>();
    file->name = "file.yaml";
    file->text = text;
    node value;
    value.kind = node_kind::scalar;
    value.text = text;
    value.where = {file, 1, 1, 1};
    auto library = jq_library::create();
    problems found;
    const text_template made(value, *library, found);
    library->compile(found);
    if (!found.empty())
        return "problem: " + found.text();
    const auto shown = made.render(boost::json::parse(document));
    return shown ? *shown : "failure: " + shown.error().reason;
}

} // namespace

BOOST_AUTO_TEST_SUITE(templates)

BOOST_AUTO_TEST_CASE(expressions_in_braces_are_replaced)
{
    BOOST_TEST(rendered("Score {{ .score }}%, {{.name}}!", R"({"score":87,"name":"Ada"})") == "Score 87%, Ada!");
    BOOST_TEST(rendered("{{ {a: {b: 1}} | .a.b }}", "{}") == "1");
    BOOST_TEST(rendered("{{ \"}}\" }}", "{}") == "}}");
}

BOOST_AUTO_TEST_CASE(a_missing_value_is_a_failure_and_never_the_word_null)
{
    BOOST_TEST(rendered("{{ .nothing }}", "{}") == "failure: {{ .nothing }} has no value");
    BOOST_TEST(rendered("{{ . }}", "{}") == "failure: {{ . }} is no text");
}

BOOST_AUTO_TEST_CASE(an_open_brace_is_told_at_its_position)
{
    BOOST_TEST(rendered("Hello {{ .name", "{}").find("file.yaml:1:7: \"{{\" without \"}}\"") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::config
