#include "config/plain_expression.hpp"

#include "config/letters.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <utility>

namespace testdome_sync::config {
namespace json = boost::json;

/// In the order of jq's precedence, from the loosest: `|`, `//`, `or`, `and`, `==`. Each function takes what it can, or
/// gives nothing: then the expression isn't plain.
class plain_expression::parser {
public:
    explicit parser(std::string_view text) : rest_(text) {}

    std::optional<term> take_all()
    {
        auto made = take_pipe();
        skip_blanks();
        return rest_.empty() ? std::move(made) : std::nullopt;
    }

    /// `.a.b[]` and nothing else.
    std::optional<term> take_each()
    {
        auto made = take_path();
        const bool each = take("[]");
        skip_blanks();
        return each && rest_.empty() ? std::move(made) : std::nullopt;
    }

private:
    using taken = std::optional<term>;

    void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\n"), rest_.size())); }

    bool take(std::string_view token)
    {
        if (!rest_.starts_with(token))
            return false;
        rest_.remove_prefix(token.size());
        return true;
    }

    bool take_operator(std::string_view token)
    {
        skip_blanks();
        return take(token);
    }

    bool take_word(std::string_view word)
    {
        skip_blanks();
        const auto next = rest_.size() > word.size() ? rest_[word.size()] : ' ';
        return !is_letter(next) && !is_digit(next) && take(word);
    }

    static term made_of(operation what, taken one, taken other)
    {
        term made{.what = what};
        made.parts.push_back(std::move(*one));
        if (other)
            made.parts.push_back(std::move(*other));
        return made;
    }

    taken take_pipe()
    {
        constexpr int deepest = 16;
        if (++depth_ > deepest)
            return std::nullopt;
        auto made = take_alternative();
        while (made && take_operator("|")) {
            if (take_word("tonumber"))
                made = made_of(operation::to_number, std::move(made), {});
            else if (take_word("tostring"))
                made = made_of(operation::to_text, std::move(made), {});
            else if (take_word("not"))
                made = made_of(operation::negation, std::move(made), {});
            else
                made = take_join(std::move(made));
        }
        --depth_;
        return made;
    }

    taken take_join(taken of)
    {
        if (!take_operator("map(tostring)") || !take_operator("|") || !take_operator("join("))
            return std::nullopt;
        auto between = take_text();
        if (!between || !take_operator(")"))
            return std::nullopt;
        auto made = made_of(operation::joined_texts, std::move(of), {});
        made.literal = json::value(*between);
        return made;
    }

    taken take_alternative()
    {
        auto made = take_either();
        if (!made || !take_operator("//"))
            return made;
        auto other = take_alternative();
        return other ? taken(made_of(operation::alternative, std::move(made), std::move(other))) : std::nullopt;
    }

    taken take_either()
    {
        auto made = take_both();
        while (made && take_word("or")) {
            auto other = take_both();
            made = other ? taken(made_of(operation::either, std::move(made), std::move(other))) : std::nullopt;
        }
        return made;
    }

    taken take_both()
    {
        auto made = take_comparison();
        while (made && take_word("and")) {
            auto other = take_comparison();
            made = other ? taken(made_of(operation::both, std::move(made), std::move(other))) : std::nullopt;
        }
        return made;
    }

    taken take_comparison()
    {
        auto made = take_term();
        const bool equal = made && take_operator("==");
        if (!made || (!equal && !take_operator("!=")))
            return made;
        auto other = take_term();
        const auto what = equal ? operation::equal : operation::different;
        return other ? taken(made_of(what, std::move(made), std::move(other))) : std::nullopt;
    }

    taken take_term()
    {
        if (take_word("if"))
            return take_choice();
        if (take_word("null"))
            return term{};
        for (const bool truth : {true, false})
            if (take_word(truth ? "true" : "false"))
                return term{.literal = truth};
        if (take_operator("(")) {
            auto made = take_pipe();
            return made && take_operator(")") ? std::move(made) : std::nullopt;
        }
        if (rest_.starts_with('"')) {
            auto text = take_text();
            return text ? taken(term{.literal = json::value(*text)}) : std::nullopt;
        }
        return take_path();
    }

    /// What follows `if` or `elif`.
    taken take_choice()
    {
        auto when = take_pipe();
        if (!when || !take_word("then"))
            return std::nullopt;
        auto then = take_pipe();
        if (!then)
            return std::nullopt;
        taken otherwise;
        if (take_word("elif")) {
            otherwise = take_choice();
        } else {
            if (!take_word("else"))
                return std::nullopt;
            const auto branch = rest_;
            otherwise = take_pipe();
            if (!otherwise || !take_word("end"))
                otherwise = take_for_libjq(branch);
        }
        if (!otherwise)
            return std::nullopt;
        auto made = made_of(operation::choice, std::move(when), std::move(then));
        made.parts.push_back(std::move(*otherwise));
        return made;
    }

    /// A branch that isn't plain, up to the expression's last word, which must be its `end`: where there is another
    /// `if`, or anything that looks like one, it might not be.
    taken take_for_libjq(std::string_view branch)
    {
        constexpr std::string_view last = "end";
        const auto length = branch.find_last_not_of(" \t\n") + 1;
        if (!branch.substr(0, length).ends_with(last))
            return std::nullopt;
        const auto inside = branch.substr(0, length - last.size());
        const bool alone = !inside.empty() && !is_letter(inside.back()) && !is_digit(inside.back());
        for (const std::string_view word : {"if", "end", "#"})
            if (!alone || inside.find(word) != std::string_view::npos)
                return std::nullopt;
        rest_ = {};
        return term{.what = operation::by_libjq};
    }

    taken take_path()
    {
        skip_blanks();
        term made{.what = operation::path};
        if (!rest_.starts_with('.'))
            return std::nullopt;
        for (;;) {
            if (rest_.starts_with('[') && rest_.size() > 1 && is_digit(rest_[1]) && !made.steps.empty()) {
                auto index = take_index();
                if (!index)
                    return std::nullopt;
                made.steps.push_back({.index = *index});
            } else if (take(".")) {
                made.steps.push_back({take_name()});
                if (made.steps.back().name.empty())
                    return std::nullopt;
            } else {
                return made;
            }
        }
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

    /// `[12]`
    std::optional<std::size_t> take_index()
    {
        unsigned index = 0;
        const auto [end, error] = std::from_chars(rest_.data() + 1, rest_.data() + rest_.size(), index);
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        return error == std::errc{} && take("]") ? std::optional<std::size_t>(index) : std::nullopt;
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

    std::string_view rest_;
    int depth_ = 0;
};

std::optional<plain_expression> plain_expression::from(std::string_view text)
{
    plain_expression made;
    auto root = parser(text).take_each();
    made.each_ = root.has_value();
    if (!root)
        root = parser(text).take_all();
    if (!root)
        return std::nullopt;
    made.root_ = std::move(*root);
    return made;
}

} // namespace testdome_sync::config
