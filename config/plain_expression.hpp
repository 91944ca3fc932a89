#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace testdome_sync::config {

/// The plainest jq expressions, carried out on Boost.JSON: paths (`.a.b`, `.a[0]`), texts, null, true and false; `//`,
/// `==`, `!=`, `and`, `or`, parentheses and `if` on them; `| tonumber`, `| tostring`, `| not`,
/// `| map(tostring) | join(",")` behind them; and `.a[]` by itself. What stands behind the last `else` may be anything,
/// if the expression's end is that of its `if`: libjq is asked when it comes to that. They are most of those in presets
/// and mappings, and libjq takes some ten microseconds for the least of them, mainly to convert the document. Whatever
/// isn't plain, or meets data that isn't as expected, is left to libjq: answers and errors are always its own.
class plain_expression {
public:
    /// Nothing if the expression isn't one of these; it need not be jq at all.
    static std::optional<plain_expression> from(std::string_view text);

    /// What the expression is applied to: a value or an object.
    struct subject {
        const boost::json::value* value = nullptr;
        const boost::json::object* object = nullptr;
    };

    /// The expression's outputs, as libjq would give them; nothing if it must be asked.
    std::optional<std::vector<boost::json::value>> all(const subject& of) const;
    /// The first of them; null if there is none.
    std::optional<boost::json::value> first(const subject& of) const;

private:
    enum class operation {
        path,
        literal,
        alternative,  ///< `//` of two
        both,         ///< `and`
        either,       ///< `or`
        equal,        ///< `==`
        different,    ///< `!=`
        choice,       ///< `if` of three
        negation,     ///< `| not`
        to_number,    ///< `| tonumber`
        to_text,      ///< `| tostring`
        joined_texts, ///< `| map(tostring) | join(literal)`
        by_libjq,     ///< a branch that isn't plain
    };
    /// One member of an object, or one element of an array.
    struct step {
        std::string name{};
        std::size_t index = 0; ///< where there is no name
    };
    struct term {
        operation what = operation::literal;
        std::vector<step> steps{};
        boost::json::value literal{};
        std::vector<term> parts{};
    };
    class parser;
    class evaluation;

    term root_;
    bool each_ = false; ///< `[]` behind a path
};

} // namespace testdome_sync::config
