#include "config/plain_expression.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <cmath>

namespace testdome_sync::config {
namespace json = boost::json;
namespace {

constexpr double exact_limit = 9007199254740992.0; // 2^53: libjq's numbers are doubles

bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/// A number as libjq gives it back: whole ones without a fraction, large ones as they are written.
bool is_as_libjq_gives_it(const json::value& value)
{
    switch (value.kind()) {
    case json::kind::int64: return std::abs(static_cast<double>(value.get_int64())) < exact_limit;
    case json::kind::uint64: return false;
    case json::kind::double_:
        return std::isfinite(value.get_double()) && std::trunc(value.get_double()) != value.get_double();
    case json::kind::array: return std::ranges::all_of(value.get_array(), is_as_libjq_gives_it);
    case json::kind::object:
        return std::ranges::all_of(value.get_object(),
                                   [](const auto& member) { return is_as_libjq_gives_it(member.value()); });
    case json::kind::null:
    case json::kind::bool_:
    case json::kind::string: return true;
    }
    return false;
}

bool is_nothing(const json::value& value)
{
    return value.is_null() || (value.is_bool() && !value.get_bool());
}

const json::value null;

} // namespace

class plain_expression::scanner {
public:
    explicit scanner(std::string_view text) : rest_(text) {}

    void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\n"), rest_.size())); }
    bool at_end() const { return rest_.empty(); }
    bool take(std::string_view token)
    {
        if (!rest_.starts_with(token))
            return false;
        rest_.remove_prefix(token.size());
        return true;
    }
    std::string take_name()
    {
        const auto size = static_cast<std::size_t>(
            std::ranges::find_if(rest_, [](char c) { return !is_letter(c) && !is_digit(c); }) - rest_.begin());
        std::string name(rest_.substr(0, size));
        if (name.empty() || is_digit(name.front()))
            return {};
        rest_.remove_prefix(size);
        return name;
    }
    bool take_word(std::string_view word)
    {
        skip_blanks();
        const bool whole =
            rest_.size() == word.size() ||
            (rest_.size() > word.size() && !is_letter(rest_[word.size()]) && !is_digit(rest_[word.size()]));
        return whole && take(word);
    }
    bool at_comparison() const { return rest_.starts_with("==") || rest_.starts_with("!="); }
    /// A text in quotes without escapes, null, true or false.
    std::optional<json::value> take_literal()
    {
        if (take_word("null"))
            return json::value(nullptr);
        for (const bool truth : {true, false})
            if (take_word(truth ? "true" : "false"))
                return json::value(truth);
        const auto text = take_text();
        return text ? std::optional(json::value(*text)) : std::nullopt;
    }
    /// A text in quotes, without escapes.
    std::optional<std::string> take_text()
    {
        skip_blanks();
        const auto end = rest_.starts_with('"') ? rest_.find_first_of("\"\\", 1) : std::string_view::npos;
        if (end == std::string_view::npos || rest_[end] == '\\')
            return std::nullopt;
        std::string text(rest_.substr(1, end - 1));
        rest_.remove_prefix(end + 1);
        return text;
    }

private:
    std::string_view rest_;
};

std::optional<plain_expression> plain_expression::from(std::string_view text)
{
    plain_expression made;
    scanner in(text);
    if (in.take_word("if"))
        return made.take_branches(in) && in.at_end() ? std::optional(std::move(made)) : std::nullopt;
    auto path = take_path(in);
    if (!path)
        return std::nullopt;
    made.each_ = in.take("[]");
    in.skip_blanks();
    bool understood = false;
    if (!made.each_ && in.at_comparison()) {
        auto compared = take_comparisons(in, std::move(path));
        understood = compared.has_value();
        if (understood)
            made.all_of_ = std::move(*compared);
    } else {
        understood = made.take_alternatives(in, std::move(*path));
    }
    return understood && in.at_end() ? std::optional(std::move(made)) : std::nullopt;
}

std::optional<plain_expression::term> plain_expression::take_term(scanner& in)
{
    if (auto literal = in.take_literal())
        return term{{}, std::move(*literal), true};
    return take_path(in);
}

std::optional<plain_expression::term> plain_expression::take_path(scanner& in)
{
    term path;
    in.skip_blanks();
    if (!in.take("."))
        return std::nullopt;
    do {
        path.members.push_back(in.take_name());
        if (path.members.back().empty())
            return std::nullopt;
    } while (in.take("."));
    return path;
}

std::optional<plain_expression::comparisons> plain_expression::take_comparisons(scanner& in, std::optional<term> first)
{
    comparisons all;
    for (auto left = std::move(first); left; left = take_path(in)) {
        in.skip_blanks();
        const bool equal = in.take("==");
        if (!equal && !in.take("!="))
            return std::nullopt;
        auto right = in.take_literal();
        if (!right)
            return std::nullopt;
        all.push_back({std::move(*left), equal, std::move(*right)});
        in.skip_blanks();
        if (!in.take("and "))
            return all;
    }
    return std::nullopt;
}

/// What follows an `if`.
bool plain_expression::take_branches(scanner& in)
{
    do {
        auto when = take_comparisons(in, take_path(in));
        if (!when || !in.take_word("then"))
            return false;
        auto then = take_term(in);
        if (!then)
            return false;
        branches_.push_back({std::move(*when), std::move(*then)});
    } while (in.take_word("elif"));
    if (!in.take_word("else"))
        return false;
    auto otherwise = take_term(in);
    if (!otherwise || !in.take_word("end"))
        return false;
    terms_.push_back(std::move(*otherwise));
    in.skip_blanks();
    return true;
}

bool plain_expression::take_alternatives(scanner& in, term first)
{
    terms_.push_back(std::move(first));
    while (!each_ && in.take("//")) {
        if (auto literal = in.take_text())
            terms_.push_back({{}, json::value(*literal), true});
        else if (auto path = take_path(in))
            terms_.push_back(std::move(*path));
        else
            return false;
        in.skip_blanks();
    }
    return true;
}

std::optional<bool> plain_expression::compare(const comparisons& all, const subject& of)
{
    for (const auto& one : all) {
        const auto left = find(one.left, of);
        if (!left)
            return std::nullopt;
        if ((**left == one.right) != one.equal)
            return false; // what stands behind `and` is not looked at any more
    }
    return true;
}

std::optional<const json::value*> plain_expression::find(const term& wanted, const subject& of)
{
    if (wanted.is_literal)
        return &wanted.literal;
    const json::value* at = of.value;
    const json::object* object = of.object;
    for (const auto& name : wanted.members) {
        if (!object && at->is_null())
            return &null;
        if (!object && !at->is_object())
            return std::nullopt;
        at = (object ? *object : at->get_object()).if_contains(name);
        object = nullptr;
        if (!at)
            return &null;
    }
    return at;
}

const json::value* plain_expression::choose(const subject& of, bool& understood) const
{
    for (const auto& one : branches_) {
        const auto met = compare(one.when, of);
        const auto value = met && *met ? find(one.then, of) : std::nullopt;
        understood = value.has_value();
        if (understood)
            return *value;
        if (!met || *met)
            return nullptr;
    }
    const json::value* found = nullptr;
    for (const auto& one : terms_) {
        const auto value = find(one, of);
        understood = value.has_value();
        if (!understood)
            return nullptr;
        found = *value;
        if (!is_nothing(*found))
            break;
    }
    return found;
}

std::optional<std::vector<json::value>> plain_expression::all(const subject& of) const
{
    if (!all_of_.empty()) {
        const auto answer = compare(all_of_, of);
        return answer ? std::optional(std::vector{json::value(*answer)}) : std::nullopt;
    }
    bool understood = false;
    const auto* found = choose(of, understood);
    if (!understood || (each_ && !found->is_array()) || !is_as_libjq_gives_it(*found))
        return std::nullopt;
    if (!each_)
        return std::vector{*found};
    return std::vector<json::value>(found->get_array().begin(), found->get_array().end());
}

std::optional<json::value> plain_expression::first(const subject& of) const
{
    if (!all_of_.empty()) {
        const auto answer = compare(all_of_, of);
        return answer ? std::optional(json::value(*answer)) : std::nullopt;
    }
    bool understood = false;
    const auto* found = choose(of, understood);
    if (understood && each_)
        found = !found->is_array() ? nullptr : found->get_array().empty() ? &null : &found->get_array().front();
    if (!understood || !found || !is_as_libjq_gives_it(*found))
        return std::nullopt;
    return *found;
}

} // namespace testdome_sync::config
