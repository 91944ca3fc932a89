#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace testdome_sync::config {

/// The plainest jq expressions (`.a.b`, `.a // .b.c // ""`, `.a[]`, `.a == "x" and .b.c != null`, and
/// `if .a == "x" then "y" elif … else .b end`), carried out on Boost.JSON. They are most of those in presets and
/// mappings, and libjq takes some ten microseconds for the least of them, mainly to convert the document. Whatever
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
    /// A path of members, or a literal.
    struct term {
        std::vector<std::string> members{};
        boost::json::value literal{};
        bool is_literal = false;
    };
    class scanner;
    static std::optional<term> take_path(scanner& in);
    static std::optional<term> take_term(scanner& in);
    struct comparison {
        term left;
        bool equal; ///< `==`, else `!=`
        boost::json::value right;
    };
    using comparisons = std::vector<comparison>; ///< all must be true
    struct branch {
        comparisons when;
        term then;
    };
    static std::optional<comparisons> take_comparisons(scanner& in, std::optional<term> first);
    bool take_alternatives(scanner& in, term first);
    bool take_branches(scanner& in);
    static std::optional<bool> compare(const comparisons& all, const subject& of);
    static std::optional<const boost::json::value*> find(const term& wanted, const subject& of);
    const boost::json::value* choose(const subject& of, bool& understood) const;

    comparisons all_of_;           ///< if there are any, they are all that there is
    std::vector<branch> branches_; ///< the first whose comparisons are true counts, or else the only term
    std::vector<term> terms_;      ///< the first that is neither null nor false counts, or else the last
    bool each_ = false;            ///< `[]` after the only term
};

} // namespace testdome_sync::config
