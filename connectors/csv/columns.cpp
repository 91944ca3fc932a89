#include "connectors/csv/columns.hpp"

#include "config/problems.hpp"
#include "sync/events.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>

namespace testdome_sync::csv {
namespace {

constexpr std::size_t listed_columns = 40;

bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// The end of the JSON text that begins at `begin`, or npos.
std::size_t end_of_text(std::string_view in, std::size_t begin)
{
    for (auto i = begin + 1; i < in.size(); ++i) {
        if (in[i] == '\\')
            ++i;
        else if (in[i] == '"')
            return i + 1;
    }
    return std::string_view::npos;
}

/// The member that a path names first, and where the naming ends: `.name`, `."name"`, `.["name"]`.
std::optional<std::pair<std::string, std::size_t>> first_member(std::string_view in, std::size_t dot)
{
    auto begin = dot + 1;
    const bool in_brackets = begin < in.size() && in[begin] == '[';
    begin += in_brackets ? 1 : 0;
    if (begin < in.size() && in[begin] == '"') {
        auto end = end_of_text(in, begin);
        if (end == std::string_view::npos || (in_brackets && (end >= in.size() || in[end] != ']')))
            return std::nullopt;
        boost::system::error_code failed;
        const auto text = boost::json::parse(in.substr(begin, end - begin), failed);
        if (failed || !text.is_string())
            return std::nullopt; // jq's own \(…)
        return std::pair(std::string(text.get_string()), end + (in_brackets ? 1 : 0));
    }
    auto end = begin;
    while (!in_brackets && end < in.size() && is_word(in[end]))
        ++end;
    if (end == begin || (in[begin] >= '0' && in[begin] <= '9'))
        return std::nullopt;
    return std::pair(std::string(in.substr(begin, end - begin)), end);
}

/// Whether a function is called here, at a word's end: what it is given may be applied to anything.
bool calls_function(std::string_view text, std::size_t parenthesis)
{
    auto begin = parenthesis;
    while (begin > 0 && is_word(text[begin - 1]))
        --begin;
    const auto word = text.substr(begin, parenthesis - begin);
    constexpr std::array<std::string_view, 7> keywords{"", "if", "then", "elif", "else", "and", "or"};
    return std::ranges::count(keywords, word) == 0;
}

/// The paths of an expression that begin at the record. What stands after a pipe or in a call is applied to something
/// else, and a variable or a value before the dot is something else, too.
void find_in_expression(std::string_view text, const config::position& where, std::vector<named_column>& into)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '|' || text[i] == '#' || (text[i] == '(' && calls_function(text, i)))
            return;
        if (text[i] == '"') {
            i = end_of_text(text, i);
            if (i == std::string_view::npos)
                return;
            --i;
            continue;
        }
        const bool begins_path =
            text[i] == '.' && (i == 0 || (!is_word(text[i - 1]) &&
                                          std::string_view("])}.\"?").find(text[i - 1]) == std::string_view::npos));
        if (!begins_path)
            continue;
        auto named = first_member(text, i);
        if (!named)
            continue;
        i = named->second - 1;
        const bool optional = named->second < text.size() && text[named->second] == '?';
        if (!optional && std::ranges::count(into, named->first, &named_column::name) == 0)
            into.push_back({std::move(named->first), where});
    }
}

void find_in_template(std::string_view text, const config::position& where, std::vector<named_column>& into)
{
    for (auto begin = text.find("{{"); begin != std::string_view::npos; begin = text.find("{{", begin)) {
        const auto end = text.find("}}", begin);
        if (end == std::string_view::npos)
            return;
        find_in_expression(text.substr(begin + 2, end - begin - 2), where, into);
        begin = end;
    }
}

std::string in_quotes(const std::vector<std::string>& names)
{
    std::string list;
    for (const auto& name : names)
        list += (list.empty() ? "\"" : ", \"") + name + '"';
    return list;
}

} // namespace

void find_columns(const config::node& value, std::vector<named_column>& into)
{
    if (value.kind == config::node_kind::scalar) {
        if (value.tag == "!jq")
            find_in_expression(value.text, value.where, into);
        else
            find_in_template(value.text, value.where, into);
    }
    for (const auto& item : value.items)
        find_columns(item, into);
    for (const auto& member : value.members)
        find_columns(member.value, into);
}

header header_from(const std::vector<std::string>& fields)
{
    header made;
    for (const auto& field : fields) {
        const auto begin = field.find_first_not_of(" \t\r\n");
        made.columns.push_back(begin == std::string::npos
                                   ? std::string{}
                                   : field.substr(begin, field.find_last_not_of(" \t\r\n") - begin + 1));
    }
    return made;
}

std::optional<std::string> header::problem_with(const std::vector<named_column>& needed) const
{
    std::vector<std::string> missing;
    const named_column* first_missing = nullptr;
    for (const auto& one : needed) {
        const auto there = std::ranges::count(columns, one.name);
        if (there > 1)
            return "it has more than one column \"" + one.name + "\", which " + one.where.text() +
                   " names; give each its own name";
        if (there == 0) {
            missing.push_back(one.name);
            first_missing = first_missing ? first_missing : &one;
        }
    }
    if (!first_missing)
        return std::nullopt;
    if (missing.size() == needed.size())
        return "its first line is no header with the columns " + in_quotes(missing) +
               " that the mapping names; check \"separator\" and \"encoding\", and that the export has a header";
    std::vector<std::string> there;
    for (const auto& column : columns)
        if (!column.empty() && there.size() < listed_columns)
            there.push_back(sync::printable(column, 60));
    return "it has no column \"" + missing.front() + "\", which " + first_missing->where.text() + " names" +
           config::did_you_mean(missing.front(), there) + " (it has: " + in_quotes(there) + ")";
}

} // namespace testdome_sync::csv
