#include "config/plain_expression.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <forward_list>

namespace testdome_sync::config {
namespace json = boost::json;
namespace {

constexpr double exact_limit = 9007199254740992.0; // 2^53: libjq's numbers are doubles

const json::value null;
const json::value truth(true);
const json::value untruth(false);

bool is_exact_whole(const json::value& value)
{
    return value.is_int64() && std::abs(static_cast<double>(value.get_int64())) < exact_limit;
}

/// A number as libjq gives it back: whole ones without a fraction, large ones as they are written.
bool is_as_libjq_gives_it(const json::value& value)
{
    switch (value.kind()) {
    case json::kind::int64: return is_exact_whole(value);
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

bool is_true(const json::value& value)
{
    return !value.is_null() && !(value.is_bool() && !value.get_bool());
}

const json::value& truth_of(bool is)
{
    return is ? truth : untruth;
}

/// Nothing where libjq might see it in another way: numbers that aren't whole, two structures.
std::optional<bool> are_equal(const json::value& one, const json::value& other)
{
    const auto is_plain = [](const json::value& value) { return !value.is_number() || is_exact_whole(value); };
    if (!is_plain(one) || !is_plain(other) || (one.is_structured() && other.is_structured()))
        return std::nullopt;
    return one == other;
}

/// Of up to 15 digits; libjq takes more, but not as it is written.
std::optional<std::int64_t> whole_number_in(std::string_view text)
{
    constexpr std::size_t exact_digits = 15;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool all = error == std::errc{} && end == text.data() + text.size() && text.size() <= exact_digits;
    const bool usual = text == "0" || (!text.empty() && text.front() >= '1' && text.front() <= '9');
    return all && usual ? std::optional(number) : std::nullopt;
}

} // namespace

/// One evaluation: each function gives a value that lives as long as the document, the expression or this, or null
/// where libjq must be asked.
class plain_expression::evaluation {
public:
    explicit evaluation(const subject& of) : of_(of) {}

    const json::value* value_of(const term& wanted)
    {
        switch (wanted.what) {
        case operation::path: return at_path(wanted.steps);
        case operation::literal: return &wanted.literal;
        case operation::alternative: {
            const auto* found = value_of(wanted.parts[0]);
            return !found || is_true(*found) ? found : value_of(wanted.parts[1]);
        }
        case operation::both:
        case operation::either: {
            const auto* first = value_of(wanted.parts[0]);
            if (!first)
                return nullptr;
            if (is_true(*first) == (wanted.what == operation::either)) // what stands behind is not looked at any more
                return &truth_of(is_true(*first));
            const auto* second = value_of(wanted.parts[1]);
            return second ? &truth_of(is_true(*second)) : nullptr;
        }
        case operation::equal:
        case operation::different: {
            const auto *left = value_of(wanted.parts[0]), *right = left ? value_of(wanted.parts[1]) : nullptr;
            const auto equal = right ? are_equal(*left, *right) : std::nullopt;
            return equal ? &truth_of(*equal == (wanted.what == operation::equal)) : nullptr;
        }
        case operation::choice: {
            const auto* when = value_of(wanted.parts[0]);
            return when ? value_of(wanted.parts[is_true(*when) ? 1 : 2]) : nullptr;
        }
        case operation::by_libjq: return nullptr;
        case operation::negation:
        case operation::to_number:
        case operation::to_text:
        case operation::joined_texts: {
            const auto* input = value_of(wanted.parts[0]);
            return input ? filtered(wanted, *input) : nullptr;
        }
        }
        return nullptr;
    }

private:
    const json::value* at_path(const std::vector<step>& steps) const
    {
        const json::value* at = of_.value;
        const json::object* object = of_.object;
        for (const auto& one : steps) {
            if (!object && at->is_null())
                return &null;
            if (one.name.empty()) {
                const auto* array = object ? nullptr : at->if_array();
                if (!array)
                    return nullptr;
                at = one.index < array->size() ? &(*array)[one.index] : &null;
                continue;
            }
            if (!object)
                object = at->if_object();
            if (!object)
                return nullptr;
            const auto* found = object->if_contains(one.name);
            at = found ? found : &null;
            object = nullptr;
        }
        return at;
    }

    const json::value* filtered(const term& by, const json::value& input)
    {
        if (by.what == operation::negation)
            return &truth_of(!is_true(input));
        if (by.what == operation::joined_texts)
            return joined(input, by.literal.get_string());
        const bool is_there_already = by.what == operation::to_text ? input.is_string() : is_exact_whole(input);
        if (is_there_already)
            return &input;
        if (by.what == operation::to_text)
            return is_exact_whole(input) ? keep(json::value(std::to_string(input.get_int64()))) : nullptr;
        const auto number = input.is_string() ? whole_number_in(input.get_string()) : std::nullopt;
        return number ? keep(*number) : nullptr;
    }

    const json::value* joined(const json::value& input, std::string_view between)
    {
        const auto* array = input.if_array();
        if (!array)
            return nullptr;
        json::string text;
        for (const auto& one : *array) {
            if (!one.is_string() && !is_exact_whole(one))
                return nullptr;
            if (&one != array->begin())
                text.append(between);
            if (one.is_string())
                text.append(one.get_string());
            else
                text.append(std::to_string(one.get_int64()));
        }
        return keep(std::move(text));
    }

    const json::value* keep(json::value made) { return &made_.emplace_front(std::move(made)); }

    const subject& of_;
    std::forward_list<json::value> made_;
};

std::optional<std::vector<json::value>> plain_expression::all(const subject& of) const
{
    evaluation here(of);
    const auto* found = here.value_of(root_);
    if (!found || (each_ && !found->is_array()) || !is_as_libjq_gives_it(*found))
        return std::nullopt;
    if (!each_)
        return std::vector{*found};
    return std::vector<json::value>(found->get_array().begin(), found->get_array().end());
}

std::optional<json::value> plain_expression::first(const subject& of) const
{
    evaluation here(of);
    const auto* found = here.value_of(root_);
    if (found && each_)
        found = !found->is_array() ? nullptr : found->get_array().empty() ? &null : &found->get_array().front();
    if (!found || !is_as_libjq_gives_it(*found))
        return std::nullopt;
    return *found;
}

} // namespace testdome_sync::config
