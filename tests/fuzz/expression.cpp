#include "config/expression_text.hpp"
#include "config/jq.hpp"
#include "config/templates.hpp"
#include "tests/fuzz/promises.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

// The input is a text with `{{ … }}`, or one jq expression. An expression stands between two others in one program:
// whatever it is, these must go on to say what they say. And it must say the same as libjq does of the whole document,
// which is asked by a fourth one.

namespace {

using namespace testdome_sync;
using fuzzing::promise;

const boost::json::value& document()
{
    static const auto made = boost::json::parse(R"({"application":{"id":"1012","status":"active"},
      "applicant":{"id":"7","first_name":"Grace","last_name":"Hopper","email":"grace@example.com"},
      "job":{"id":"3","name":"C++ Engineer"},"stage":{"name":"Online Test"},"status":"active",
      "result":{"score":87.5,"passed":true,"report_url":"https://example.com/r"},"list":[3,1,2,null,"x"],"none":null})");
    return made;
}

/// `text` as the value of a YAML key, so that positions are looked for where they are in a file.
config::node value_with(std::string text)
{
    auto file = std::make_shared<config::source>();
    file->name = "fuzz.yaml";
    file->text = "message: " + text;
    config::node made;
    made.kind = config::node_kind::scalar;
    made.where = {file, 1, 10, 1};
    made.text = std::move(text);
    return made;
}

void check_answer(const config::evaluated<boost::json::value>& answer)
{
    const auto told = answer ? boost::json::serialize(*answer) : answer.error().reason;
    promise(told.find(fuzzing::hidden_secrets::value) == std::string::npos, "no expression can read the environment",
            told);
    if (!answer)
        promise(!answer.error().reason.empty(), "a failure has a reason");
}

std::string told(const config::evaluated<std::vector<boost::json::value>>& outputs)
{
    return outputs ? boost::json::serialize(boost::json::array(outputs->begin(), outputs->end()))
                   : outputs.error().reason;
}

/// Unless one of them was stopped, or was asked for the time or its place in the program.
void check_same(const std::string& text, const config::evaluated<std::vector<boost::json::value>>& ours,
                const config::evaluated<std::vector<boost::json::value>>& by_libjq)
{
    const auto one = told(ours), other = told(by_libjq);
    const bool stopped = (one + other).find("it takes too") != std::string::npos;
    if (!stopped && text.find("now") == std::string::npos && text.find("$__") == std::string::npos)
        promise(one == other, "an expression says what libjq says of the whole document",
                text + " → " + one + " / " + other);
}

void check_expression(const std::string& text)
{
    constexpr std::chrono::milliseconds short_time{20};
    const auto library = config::jq_library::create(short_time);
    const config::position where = value_with(text).where;
    const auto before = library->add(".application.id", where);
    const auto ours = library->add(text, where);
    const auto after = library->add(".job.name", where);
    const auto by_libjq = library->add(". | (" + text + "\n)", where);
    config::problems found;
    const bool well = library->compile(found);
    promise(well == found.empty(), "compiling fails with a problem, and only with one", found.text());
    for (const auto& one : found.list())
        promise(one.message.find('\n') == std::string::npos, "a problem is told in one line", one.message);
    if (!well)
        return;
    const config::jq_document applied(document());
    check_answer(ours.first(applied));
    const auto outputs = ours.all(applied);
    if (!outputs)
        promise(!outputs.error().reason.empty(), "a failure has a reason");
    check_same(text, outputs, by_libjq.all(config::jq_document(document())));
    const auto one = before.first(applied), other = after.first(applied);
    promise(one && *one == boost::json::value("1012") && other && *other == boost::json::value("C++ Engineer"),
            "an expression changes nothing for its neighbours", text);
}

void check_template(const std::string& text)
{
    const auto library = config::jq_library::create();
    config::problems found;
    const config::text_template made(value_with(text), *library, found);
    for (const auto& one : found.list())
        fuzzing::check_position(one.where);
    if (made.constant() && found.empty()) {
        const auto rendered = made.render(document());
        promise(rendered && *rendered == text, "a text without expressions stays as it is", text);
    }
}

void check_shape(std::string_view text)
{
    const auto shape = config::shape_of(text);
    const auto end = config::end_of_embedded(text, 0);
    promise(end == std::string_view::npos || text.substr(end, 2) == "}}", "an expression ends at its braces", text);
    if (shape.balanced)
        promise(config::shape_of('(' + std::string(text) + "\n)").balanced, "what is balanced can stand in brackets",
                text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzzing::the_secrets();
    const std::string text(fuzzing::text_of(data, size));
    check_shape(text);
    check_template(text);
    // libjq takes its time to compile, and long programs find nothing that short ones don't.
    if (text.find("{{") == std::string::npos && size <= 200 && text.find('\0') == std::string::npos)
        check_expression(text);
    return 0;
}
