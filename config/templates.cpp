#include "config/templates.hpp"

#include "config/expression_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace testdome_sync::config {
namespace json = boost::json;
namespace {

std::string trimmed(std::string_view text)
{
    const auto begin = text.find_first_not_of(" \t\r\n");
    return begin == std::string_view::npos
               ? std::string{}
               : std::string(text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1));
}

/// Where the expression stands in the file: the first place at or after the value that reads like it.
position locate(const node& value, const std::string& expression)
{
    const auto& text = value.where.file->text;
    std::size_t line_start = 0;
    for (std::uint32_t line = 1; line < value.where.line; ++line)
        line_start = text.find('\n', line_start) + 1;
    const auto first_line = expression.substr(0, expression.find('\n'));
    const auto at = text.find(first_line, line_start + value.where.column - 1);
    if (at == std::string::npos || first_line.empty())
        return value.where;
    position where = value.where;
    where.line += static_cast<std::uint32_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(line_start),
                                                        text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    const auto before = text.rfind('\n', at);
    where.column = static_cast<std::uint32_t>(at - (before == std::string::npos ? 0 : before + 1)) + 1;
    where.length = static_cast<std::uint32_t>(first_line.size());
    return where;
}

/// Said in full, because a text could just as well be the failure's reason.
evaluated<std::string> some(std::string text)
{
    return evaluated<std::string>(boost::system::in_place_value, std::move(text));
}

evaluated<std::string> as_text(const json::value& value, const jq_expression& expression)
{
    switch (value.kind()) {
    case json::kind::string: return some(std::string(value.get_string()));
    case json::kind::bool_:
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_: return some(json::serialize(value));
    case json::kind::null: return evaluation_failure{"{{ " + expression.text() + " }} has no value"};
    case json::kind::array:
    case json::kind::object: return evaluation_failure{"{{ " + expression.text() + " }} is no text"};
    }
    return evaluation_failure{"{{ " + expression.text() + " }} is no text"};
}

} // namespace

text_template::text_template(const node& value, jq_library& library, problems& found) : where_(value.where)
{
    const std::string_view text = value.text;
    std::size_t at = 0;
    for (auto open = text.find("{{"); open != std::string_view::npos; open = text.find("{{", at)) {
        const auto close = end_of_embedded(text, open + 2);
        if (close == std::string_view::npos) {
            found.add(locate(value, std::string(text.substr(open, 2))), "\"{{\" without \"}}\"");
            return;
        }
        if (open > at)
            parts_.push_back({std::string(text.substr(at, open - at)), {}});
        auto expression = trimmed(text.substr(open + 2, close - open - 2));
        auto where = locate(value, expression);
        if (expression.empty())
            found.add(where, "\"{{ }}\" holds no expression");
        parts_.push_back({{}, {library.add(expression.empty() ? "null" : expression, where)}});
        at = close + 2;
    }
    if (at < text.size())
        parts_.push_back({std::string(text.substr(at)), {}});
}

evaluated<std::string> text_template::render(const jq_document& document, std::string (*encode)(std::string_view)) const
{
    std::string text;
    for (const auto& one : parts_) {
        text += one.literal;
        if (one.expression.empty())
            continue;
        const auto& expression = one.expression.front();
        const auto value = expression.first(document);
        if (!value)
            return evaluation_failure{"{{ " + expression.text() + " }}: " + value.error().reason};
        const auto shown = as_text(*value, expression);
        if (!shown)
            return shown.error();
        text += encode ? encode(*shown) : *shown;
    }
    return some(std::move(text));
}

bool text_template::constant() const
{
    return std::ranges::all_of(parts_, [](const part& one) { return one.expression.empty(); });
}

bool text_template::mentions(std::string_view word) const
{
    return std::ranges::any_of(parts_, [&](const part& one) {
        return !one.expression.empty() && one.expression.front().text().find(word) != std::string::npos;
    });
}

json_template::json_template(const node& value, jq_library& library, problems& found)
{
    if (value.tag == "!jq") {
        kind_ = part_kind::expression;
        if (value.kind != node_kind::scalar)
            found.add(value.where, "!jq needs an expression");
        expression_.push_back(library.add(value.text.empty() ? "null" : value.text, value.where));
        return;
    }
    if (!value.tag.empty())
        found.add(value.where, value.tag + " can't be used here");
    switch (value.kind) {
    case node_kind::null: break;
    case node_kind::scalar:
        if (value.text.find("{{") != std::string::npos) {
            kind_ = part_kind::text;
            text_ = text_template(value, library, found);
        } else {
            literal_ = to_json(value);
        }
        break;
    case node_kind::sequence:
        kind_ = part_kind::array;
        for (const auto& item : value.items)
            items_.emplace_back(item, library, found);
        break;
    case node_kind::mapping:
        kind_ = part_kind::object;
        for (const auto& [key, member] : value.members)
            members_.emplace_back(key.text, json_template(member, library, found));
        break;
    }
}

evaluated<json::value> json_template::render(const jq_document& document) const
{
    switch (kind_) {
    case part_kind::literal: return literal_;
    case part_kind::expression: return expression_.front().first(document);
    case part_kind::text: {
        auto text = text_.render(document);
        if (!text)
            return text.error();
        return json::value(*text);
    }
    case part_kind::array: {
        json::array items;
        for (const auto& item : items_) {
            auto rendered = item.render(document);
            if (!rendered)
                return rendered.error();
            items.push_back(std::move(*rendered));
        }
        return json::value(std::move(items));
    }
    case part_kind::object: {
        json::object members;
        for (const auto& [key, member] : members_) {
            auto rendered = member.render(document);
            if (!rendered)
                return rendered.error();
            members[key] = std::move(*rendered);
        }
        return json::value(std::move(members));
    }
    }
    return json::value(nullptr);
}

bool json_template::mentions(std::string_view word) const
{
    const auto in_expression = [&](const jq_expression& one) { return one.text().find(word) != std::string::npos; };
    return std::ranges::any_of(expression_, in_expression) || text_.mentions(word) ||
           std::ranges::any_of(items_, [&](const json_template& one) { return one.mentions(word); }) ||
           std::ranges::any_of(members_, [&](const auto& member) { return member.second.mentions(word); });
}

} // namespace testdome_sync::config
