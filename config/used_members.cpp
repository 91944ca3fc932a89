#include "config/used_members.hpp"

#include "config/letters.hpp"

#include <algorithm>

namespace testdome_sync::config {
namespace {

bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Reads the expression from left to right. Whatever stands behind a `|` is given what stands before it, and that is
/// never the document itself: everything that could pass it on (`.`, a function, an assignment) ends the reading. So
/// only what stands before the first `|` of its brackets can see the document, and what `… as $name |` is in front of.
class reading {
public:
    explicit reading(std::string_view text) : rest_(text) {}

    std::optional<std::vector<std::string>> take_all()
    {
        for (skip_blanks(); !rest_.empty(); skip_blanks())
            if (!take_token())
                return std::nullopt;
        return open_.size() == 1 ? std::optional(std::move(names_)) : std::nullopt;
    }

private:
    /// What is between brackets, or between `if` and `end`.
    struct level {
        char closed_by;
        bool began_with_document;
        bool sees_document = began_with_document;
    };
    static constexpr char end_of_if = 'e';

    bool sees_document() const { return open_.back().sees_document; }

    void skip_blanks()
    {
        rest_.remove_prefix(static_cast<std::size_t>(std::ranges::find_if_not(rest_, is_blank) - rest_.begin()));
    }

    bool take(std::string_view token)
    {
        if (!rest_.starts_with(token))
            return false;
        rest_.remove_prefix(token.size());
        return true;
    }

    std::string_view take_word()
    {
        const auto end = std::ranges::find_if_not(rest_, [](char c) { return is_letter(c) || is_digit(c); });
        const auto word = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
        rest_.remove_prefix(word.size());
        return word;
    }

    /// False where the expression isn't understood, or sees the whole document.
    bool take_token()
    {
        const char c = rest_.front();
        if (c == '"')
            return take_text();
        if (c == '.')
            return take_member();
        if (is_letter(c))
            return take_keyword(take_word());
        if (is_digit(c))
            return take_number();
        if (take("$"))
            return !take_word().empty();
        if (c == '(' || c == '[' || c == '{')
            return open(c);
        if (c == ')' || c == ']' || c == '}')
            return rest_.remove_prefix(1), close(c);
        return take_operator();
    }

    /// Without anything to evaluate inside.
    bool take_text()
    {
        for (std::size_t at = 1; at < rest_.size(); ++at) {
            if (rest_[at] == '"')
                return rest_.remove_prefix(at + 1), true;
            if (rest_[at] == '\\' && ++at < rest_.size() && rest_[at] == '(')
                return false;
        }
        return false;
    }

    bool take_member()
    {
        rest_.remove_prefix(1);
        const bool has_name = !rest_.empty() && is_letter(rest_.front());
        if (!has_name)
            return !sees_document();
        const auto name = take_word();
        if (sees_document() && std::ranges::find(names_, name) == names_.end())
            names_.emplace_back(name);
        return true;
    }

    bool take_number()
    {
        const auto end =
            std::ranges::find_if_not(rest_, [](char c) { return is_digit(c) || c == '.' || c == 'e' || c == 'E'; });
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.begin()));
        return true;
    }

    bool take_keyword(std::string_view word)
    {
        if (word == "if") {
            open_.push_back({end_of_if, sees_document()});
            return true;
        }
        if (word == "end")
            return close(end_of_if);
        if (word == "then" || word == "elif" || word == "else") {
            auto& here = open_.back();
            here.sees_document = here.began_with_document;
            return here.closed_by == end_of_if;
        }
        if (!sees_document())
            return true;
        if (word == "as")
            return take_binding();
        for (const std::string_view harmless : {"and", "or", "null", "true", "false"})
            if (word == harmless)
                return true;
        return false;
    }

    /// ` $name |`: what follows is given what the value was taken from.
    bool take_binding()
    {
        skip_blanks();
        if (!take("$") || take_word().empty())
            return false;
        skip_blanks();
        return !rest_.starts_with("|=") && take("|");
    }

    bool open(char bracket)
    {
        if (bracket == '{' && sees_document())
            return false; // {job} is a member, too
        rest_.remove_prefix(1);
        open_.push_back({bracket == '(' ? ')' : bracket == '[' ? ']' : '}', sees_document()});
        return true;
    }

    bool close(char by)
    {
        if (open_.size() == 1 || open_.back().closed_by != by)
            return false;
        open_.pop_back();
        return true;
    }

    bool take_operator()
    {
        for (const std::string_view comparison : {"==", "!=", "<=", ">="})
            if (take(comparison))
                return true;
        if (take("//"))
            return !sees_document() || !rest_.starts_with("=");
        const char c = rest_.front();
        rest_.remove_prefix(1);
        if (c == '#')
            return false;
        if (!sees_document())
            return true;
        if (rest_.starts_with("=")) // an assignment gives the whole document
            return false;
        if (c == '|')
            open_.back().sees_document = false;
        return std::string_view("|,?+-*/%<>").find(c) != std::string_view::npos;
    }

    std::string_view rest_;
    std::vector<level> open_{{'\0', true}};
    std::vector<std::string> names_;
};

} // namespace

std::optional<std::vector<std::string>> members_used_by(std::string_view expression)
{
    return reading(expression).take_all();
}

} // namespace testdome_sync::config
