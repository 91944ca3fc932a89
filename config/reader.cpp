#include "config/reader.hpp"

#include <algorithm>
#include <charconv>

namespace testdome_sync::config {
namespace {

std::string quoted(std::string_view key)
{
    return '"' + std::string(key) + '"';
}

} // namespace

reader::reader(const node& value, std::string what, jq_library& library, const tag_sources& sources, problems& found)
    : value_(value), what_(std::move(what)), library_(library), sources_(sources), found_(found)
{
    if (value_.kind != node_kind::mapping)
        found_.add(value_.where, what_ + " must be a mapping of keys to values");
    if (!value_.tag.empty())
        found_.add(value_.where, what_ + " can't be given by " + value_.tag);
}

reader::~reader()
{
    finish();
}

bool reader::has(std::string_view key) const
{
    return value_.find(key) != nullptr;
}

const node* reader::child(std::string_view key)
{
    known_.insert(std::string(key));
    return value_.find(key);
}

const node* reader::require(std::string_view key)
{
    const auto* found = child(key);
    if (!found && value_.kind == node_kind::mapping)
        found_.add(value_.where, what_ + " needs " + quoted(key));
    return found;
}

void reader::ignore(std::string_view key)
{
    known_.insert(std::string(key));
}

void reader::finish()
{
    if (finished_)
        return;
    finished_ = true;
    const std::vector<std::string> known(known_.begin(), known_.end());
    for (const auto& [key, member] : value_.members)
        if (!known_.contains(key.text))
            found_.add(key.where, "unknown key " + quoted(key.text) + " in " + what_ + did_you_mean(key.text, known));
}

std::string reader::text(std::string_view key, std::string fallback)
{
    const auto* value = child(key);
    return value ? resolve_text(*value, sources_, found_).value_or(fallback) : fallback;
}

std::string reader::required_text(std::string_view key)
{
    const auto* value = require(key);
    return value ? resolve_text(*value, sources_, found_).value_or("") : std::string{};
}

secret reader::secret_text(std::string_view key)
{
    return secret(text(key));
}

bool reader::flag(std::string_view key, bool fallback)
{
    const auto* value = child(key);
    if (!value)
        return fallback;
    const auto text = resolve_text(*value, sources_, found_);
    if (!text)
        return fallback;
    if (!value->quoted && (*text == "true" || *text == "false"))
        return *text == "true";
    found_.add(value->where, quoted(key) + " must be true or false, not " + shown_value(*value, *text));
    return fallback;
}

long long reader::number(std::string_view key, long long fallback, long long lowest, long long highest)
{
    const auto* value = child(key);
    if (!value)
        return fallback;
    const auto text = resolve_text(*value, sources_, found_);
    if (!text)
        return fallback;
    long long number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error == std::errc{} && end == text->data() + text->size() && number >= lowest && number <= highest)
        return number;
    found_.add(value->where, quoted(key) + " must be a whole number from " + std::to_string(lowest) + " to " +
                                 std::to_string(highest) + ", not " + shown_value(*value, *text));
    return fallback;
}

std::chrono::seconds reader::duration(std::string_view key, std::chrono::seconds fallback)
{
    const auto* value = child(key);
    if (!value)
        return fallback;
    return parse_duration(*value, found_).value_or(fallback);
}

std::vector<std::string> reader::texts(std::string_view key)
{
    const auto* value = child(key);
    if (!value)
        return {};
    std::vector<std::string> all;
    const auto take = [&](const node& one) {
        if (auto text = resolve_text(one, sources_, found_))
            all.push_back(std::move(*text));
    };
    if (value->kind == node_kind::sequence)
        std::ranges::for_each(value->items, take);
    else
        take(*value);
    return all;
}

std::optional<jq_expression> reader::expression(std::string_view key)
{
    const auto* value = child(key);
    if (!value)
        return std::nullopt;
    if (value->kind != node_kind::scalar || value->tag != "!jq") {
        found_.add(value->where, quoted(key) + " must be an expression: write " + std::string(key) + ": !jq …");
        return std::nullopt;
    }
    return library_.add(value->text, value->where);
}

std::optional<text_template> reader::text_parts(std::string_view key)
{
    const auto* value = child(key);
    if (!value)
        return std::nullopt;
    if (value->tag.empty() && value->kind == node_kind::scalar)
        return text_template(*value, library_, found_);
    auto resolved = *value;
    const auto text = resolve_text(*value, sources_, found_);
    if (!text)
        return std::nullopt;
    resolved.text = *text;
    return text_template(resolved, library_, found_);
}

std::optional<json_template> reader::json_parts(std::string_view key)
{
    const auto* value = child(key);
    if (!value)
        return std::nullopt;
    return json_template(*value, library_, found_);
}

std::string reader::choice(std::string_view key, std::string fallback, const std::vector<std::string>& allowed)
{
    const auto* value = child(key);
    if (!value)
        return fallback;
    const auto text = resolve_text(*value, sources_, found_);
    if (!text)
        return fallback;
    if (std::ranges::count(allowed, *text) > 0)
        return *text;
    std::string list;
    for (std::size_t i = 0; i < allowed.size(); ++i)
        list += (i == 0 ? "" : i + 1 == allowed.size() ? " or " : ", ") + allowed[i];
    found_.add(value->where,
               quoted(key) + " must be " + list + ", not " + shown_value(*value, *text) + did_you_mean(*text, allowed));
    return fallback;
}

} // namespace testdome_sync::config
