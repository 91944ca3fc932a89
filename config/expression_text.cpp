#include "config/expression_text.hpp"

#include "config/letters.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace testdome_sync::config {
namespace {

/// Built-ins that read the environment, other inputs, or end the program.
constexpr std::array forbidden{std::string_view("env"),
                               std::string_view("$ENV"),
                               std::string_view("ENV"),
                               std::string_view("input"),
                               std::string_view("inputs"),
                               std::string_view("debug"),
                               std::string_view("stderr"),
                               std::string_view("halt"),
                               std::string_view("halt_error"),
                               std::string_view("import"),
                               std::string_view("include"),
                               std::string_view("input_filename"),
                               std::string_view("input_line_number")};

bool is_word(char c)
{
    return is_letter(c) || is_digit(c);
}

/// Walks over jq's text; strings (with `\( … )` inside), comments and brackets are told apart.
class scanner {
public:
    explicit scanner(std::string_view text, std::size_t at = 0) : text_(text), at_(at) {}

    /// One step; false at the end.
    bool step(expression_shape& shape)
    {
        if (at_ >= text_.size())
            return false;
        const char c = text_[at_];
        if (!open_.empty() && open_.back() == '"') {
            step_in_string(c);
        } else if (c == '"') {
            open_.push_back('"');
            ++at_;
        } else if (c == '#') {
            at_ = std::min(text_.find('\n', at_), text_.size());
        } else if (c == '(' || c == '[' || c == '{') {
            open_.push_back(c);
            ++at_;
        } else if (c == ')' || c == ']' || c == '}') {
            close(c, shape);
        } else if (is_word(c) || c == '$') {
            word(shape);
        } else {
            ++at_;
        }
        return true;
    }

    bool inside() const { return !open_.empty(); }
    std::size_t at() const { return at_; }

private:
    void step_in_string(char c)
    {
        if (c == '"') {
            open_.pop_back();
            ++at_;
        } else if (c == '\\' && at_ + 1 < text_.size()) {
            if (text_[at_ + 1] == '(')
                open_.push_back('(');
            at_ += 2;
        } else {
            ++at_;
        }
    }

    void close(char c, expression_shape& shape)
    {
        const char opened = c == ')' ? '(' : c == ']' ? '[' : '{';
        if (open_.empty() || open_.back() != opened)
            shape.balanced = false;
        else
            open_.pop_back();
        ++at_;
    }

    void word(expression_shape& shape)
    {
        const auto begin = at_++;
        while (at_ < text_.size() && is_word(text_[at_]))
            ++at_;
        const auto found = text_.substr(begin, at_ - begin);
        const bool is_member = begin > 0 && text_[begin - 1] == '.';
        const auto next = text_.find_first_not_of(" \t\n", at_);
        const bool is_key =
            next != std::string_view::npos && text_[next] == ':' && !open_.empty() && open_.back() == '{';
        if (!is_member && !is_key && shape.forbidden_word.empty() && std::ranges::count(forbidden, found) > 0)
            shape.forbidden_word = found;
    }

    std::string_view text_;
    std::size_t at_;
    std::vector<char> open_;
};

} // namespace

expression_shape shape_of(std::string_view expression)
{
    expression_shape shape;
    scanner scan(expression);
    while (scan.step(shape)) {
    }
    shape.balanced = shape.balanced && !scan.inside();
    return shape;
}

std::size_t end_of_embedded(std::string_view text, std::size_t begin)
{
    expression_shape ignored;
    scanner scan(text, begin);
    do {
        if (!scan.inside() && text.substr(scan.at(), 2) == "}}")
            return scan.at();
    } while (scan.step(ignored));
    return std::string_view::npos;
}

} // namespace testdome_sync::config
