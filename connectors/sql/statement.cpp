#include "connectors/sql/statement.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace testdome_sync::sql {
namespace {

bool is_space(char c)
{
    return std::isspace(static_cast<unsigned char>(c)) != 0;
}

bool is_name_character(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::string upper(std::string text)
{
    std::ranges::transform(text, text.begin(),
                           [](char c) { return static_cast<char>(std::toupper(static_cast<unsigned char>(c))); });
    return text;
}

/// A piece of a statement as far as it matters here.
struct token {
    std::string text; ///< a word (unquoted), or one character
    bool quoted = false;
    bool word = false;
};

/// Goes through a statement once: takes comments out, finds parameters and words, and stops at what is unclear.
class scanner {
public:
    scanner(const std::string& text, database_type type) : text_(text), type_(type) {}

    /// What is wrong; empty if nothing is.
    std::string scan()
    {
        while (at_ < text_.size() && complaint_.empty())
            step();
        while (!made.text.empty() && is_space(made.text.back()))
            drop_last();
        return complaint_;
    }

    statement made;
    std::vector<token> tokens;

private:
    char here(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
    bool stands(std::string_view what) const { return text_.compare(at_, what.size(), what) == 0; }

    void copy(std::size_t count)
    {
        made.text.append(text_, at_, count);
        made.with_question_marks.append(text_, at_, count);
        at_ += count;
    }
    void drop_last()
    {
        made.text.pop_back();
        made.with_question_marks.pop_back();
    }

    void step()
    {
        if (begins_line_comment())
            return skip_to(text_.find('\n', at_));
        if (stands("/*"))
            return skip_block_comment();
        const char c = here();
        if (ended_ && !is_space(c) && c != ';') {
            complaint_ = "one statement is written here, not several: there is something after the semicolon";
        } else if (c == ';') {
            ended_ = true;
            ++at_;
        } else if (c == '\'' || c == '"' || c == '`' || (c == '[' && type_ == database_type::odbc)) {
            take_quoted(c == '[' ? ']' : c);
        } else if (c == ':') {
            take_colon();
        } else if (is_name_character(c)) {
            take_word();
        } else {
            take_other(c);
        }
    }

    bool begins_line_comment() const
    {
        if (type_ == database_type::mariadb)
            return here() == '#' || (stands("--") && (here(2) == '\0' || is_space(here(2))));
        return stands("--");
    }

    void skip_to(std::size_t end)
    {
        at_ = std::min(end, text_.size());
        made.text += ' ';
        made.with_question_marks += ' ';
    }

    void skip_block_comment()
    {
        if (here(2) == '!') {
            complaint_ = "a comment that is carried out (/*! … */) can't be understood here; write it without one";
            return;
        }
        int depth = 0;
        std::size_t end = at_;
        do {
            if (text_.compare(end, 2, "/*") == 0 && (depth == 0 || type_ == database_type::postgresql)) {
                ++depth;
                end += 2;
            } else if (text_.compare(end, 2, "*/") == 0) {
                --depth;
                end += 2;
            } else {
                ++end;
            }
        } while (depth > 0 && end < text_.size());
        if (depth > 0)
            complaint_ = "a comment is not closed";
        skip_to(end);
    }

    void take_quoted(char close)
    {
        std::size_t end = at_ + 1;
        const bool backslash = type_ == database_type::mariadb && close != '`';
        while (end < text_.size() && (text_[end] != close || (end + 1 < text_.size() && text_[end + 1] == close)))
            end += text_[end] == close || (backslash && text_[end] == '\\') ? 2 : 1;
        if (end >= text_.size()) {
            complaint_ = std::string("a quote is not closed (") + here() + ')';
            return;
        }
        const auto inside = text_.substr(at_ + 1, end - at_ - 1);
        if (close != '\'' && inside.find_first_of(":'") != std::string::npos)
            complaint_ = "a colon or an apostrophe between " + std::string(1, here()) +
                         " can't be understood here; text is written in apostrophes, 'as here'";
        if (close != '\'')
            tokens.push_back({inside, true, true});
        else
            tokens.push_back({"'", true, false});
        copy(end + 1 - at_);
    }

    void take_colon()
    {
        if (here(1) == ':' || here(1) == '=')
            return copy(2);
        std::size_t end = at_ + 1;
        while (end < text_.size() && is_name_character(text_[end]))
            ++end;
        const auto name = text_.substr(at_ + 1, end - at_ - 1);
        if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front()))) {
            complaint_ = "a colon outside of apostrophes names a parameter, as :since does";
            return;
        }
        if (std::ranges::count(made.parameters, name) == 0)
            made.parameters.push_back(name);
        made.text.append(text_, at_, end - at_);
        made.with_question_marks += '?';
        tokens.push_back({":", false, false});
        at_ = end;
    }

    void take_word()
    {
        std::size_t end = at_;
        while (end < text_.size() && (is_name_character(text_[end]) || text_[end] == '$'))
            ++end;
        tokens.push_back({text_.substr(at_, end - at_), false, true});
        // E'…' has escapes of its own, which SOCI doesn't know.
        if (type_ == database_type::postgresql && end < text_.size() && text_[end] == '\'' &&
            upper(tokens.back().text) == "E")
            complaint_ = "E'…' can't be understood here; write the text without escapes, or with chr()";
        copy(end - at_);
    }

    void take_other(char c)
    {
        const bool nameless = type_ == database_type::sqlite && (c == '?' || c == '@' || c == '$');
        const bool placeholder = type_ == database_type::odbc && (c == '?' || c == '#');
        const bool dollar = type_ == database_type::postgresql && c == '$';
        if (nameless || placeholder || dollar)
            complaint_ = std::string(1, c) + " can't be understood here: a parameter is written :name, and text in "
                                             "apostrophes";
        if (!is_space(c))
            tokens.push_back({std::string(1, c), false, false});
        copy(1);
    }

    const std::string& text_;
    database_type type_;
    std::size_t at_ = 0;
    bool ended_ = false;
    std::string complaint_;
};

std::string word_at(const std::vector<token>& tokens, std::size_t at)
{
    return at < tokens.size() && tokens[at].word && !tokens[at].quoted ? upper(tokens[at].text) : std::string{};
}

template <std::size_t N>
bool one_of(const std::string& word, const std::array<std::string_view, N>& words)
{
    return std::ranges::count(words, word) > 0;
}

/// The table after INSERT INTO, UPDATE, DELETE FROM; empty for several, and for what isn't one of these.
std::string changed_table(const std::vector<token>& tokens)
{
    static constexpr std::array<std::string_view, 10> between{
        "INTO", "FROM", "IGNORE", "LOW_PRIORITY", "DELAYED", "QUICK", "HIGH_PRIORITY", "ONLY", "OR", "REPLACE"};
    static constexpr std::array<std::string_view, 4> verbs{"INSERT", "REPLACE", "UPDATE", "DELETE"};
    const auto verb = word_at(tokens, 0);
    if (!one_of(verb, verbs))
        return {};
    std::size_t at = 1;
    while (one_of(word_at(tokens, at), between))
        ++at;
    if (at >= tokens.size() || !tokens[at].word)
        return {};
    auto name = tokens[at].text;
    for (; at + 2 < tokens.size() && tokens[at + 1].text == "." && tokens[at + 2].word; at += 2)
        name += '.' + tokens[at + 2].text;
    // UPDATE a, b or UPDATE a JOIN b changes who knows which.
    if (verb == "UPDATE" || verb == "DELETE")
        for (auto next = at + 1; next < tokens.size() && word_at(tokens, next) != "SET"; ++next)
            if (tokens[next].text == "," || word_at(tokens, next) == "JOIN" || word_at(tokens, next) == "USING")
                return {};
    return name;
}

/// A WITH may hide a change; a function may as well, but that can't be told.
bool hides_a_change(const std::vector<token>& tokens)
{
    for (std::size_t at = 0; at < tokens.size(); ++at) {
        const auto word = word_at(tokens, at);
        const auto next = word_at(tokens, at + 1);
        const bool inserts = (word == "INSERT" || word == "MERGE") && next == "INTO";
        const bool updates = word == "UPDATE" && (at == 0 || tokens[at - 1].text == "(");
        if (inserts || updates || (word == "DELETE" && next == "FROM"))
            return true;
    }
    return false;
}

std::string wrong_kind(const std::vector<token>& tokens, statement_kind kind)
{
    static constexpr std::array<std::string_view, 2> reading{"SELECT", "WITH"};
    static constexpr std::array<std::string_view, 10> changing{"INSERT", "UPDATE", "DELETE",  "REPLACE", "MERGE",
                                                               "WITH",   "CALL",   "EXECUTE", "EXEC",    "SELECT"};
    const auto verb = word_at(tokens, 0);
    if (verb.empty())
        return "an SQL statement is missing here";
    if (kind == statement_kind::query && (!one_of(verb, reading) || hides_a_change(tokens)))
        return "a query only reads: it begins with SELECT or WITH, and changes nothing";
    if (kind == statement_kind::change && !one_of(verb, changing))
        return "\"" + verb + "\" can't be part of an action: it is an INSERT, UPDATE, DELETE, REPLACE, MERGE or CALL";
    return {};
}

} // namespace

std::optional<statement> read_statement(const config::node& value, statement_kind kind, database_type type,
                                        config::problems& found)
{
    if (value.kind != config::node_kind::scalar || !value.tag.empty()) {
        found.add(value.where, "an SQL statement is written out as text, with :name for each value");
        return std::nullopt;
    }
    scanner read(value.text, type);
    auto complaint = value.text.find("{{") == std::string::npos
                         ? read.scan()
                         : "values are never put into a statement's text: write :name here, and parameters: {name: …}";
    if (complaint.empty())
        complaint = wrong_kind(read.tokens, kind);
    if (!complaint.empty()) {
        found.add(value.where, complaint);
        return std::nullopt;
    }
    read.made.where = value.where;
    read.made.changed_table = changed_table(read.tokens);
    return std::move(read.made);
}

} // namespace testdome_sync::sql
