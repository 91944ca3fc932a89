#pragma once

#include "config/jq.hpp"
#include "config/node.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace testdome_sync::config {

/// Text with `{{ EXPRESSION }}` parts. Strings are inserted as they are, numbers and booleans as JSON; an expression
/// that fails, gives null, or gives an object or array is an evaluation_failure that names the expression: the word
/// "null" is never sent to anybody.
class text_template {
public:
    text_template() = default;
    /// Splits `value.text` and adds its expressions to the library. `{{` without `}}` is a problem.
    text_template(const node& value, jq_library& library, problems& found);

    /// `encode`, if given, is applied to what each expression gives (not to the text around it), as a URL path needs
    /// it.
    evaluated<std::string> render(const jq_document& document, std::string (*encode)(std::string_view) = nullptr) const;
    bool constant() const;                      ///< holds no expression
    bool mentions(std::string_view word) const; ///< some expression holds this text
    const position& where() const { return where_; }

private:
    struct part {
        std::string literal;
        std::vector<jq_expression> expression; ///< none or one
    };
    std::vector<part> parts_;
    position where_;
};

/// A JSON value whose parts may be computed: literals, `!jq` expressions, and texts with `{{ … }}`, at any depth.
class json_template {
public:
    json_template() = default;
    /// `!jq` gives the expression's first output as it is (null allowed). Other tags are problems here.
    json_template(const node& value, jq_library& library, problems& found);

    evaluated<boost::json::value> render(const jq_document& document) const;
    bool mentions(std::string_view word) const;

private:
    enum class part_kind { literal, expression, text, array, object };
    part_kind kind_ = part_kind::literal;
    boost::json::value literal_;
    std::vector<jq_expression> expression_; ///< none or one
    text_template text_;
    std::vector<json_template> items_;
    std::vector<std::pair<std::string, json_template>> members_;
};

} // namespace testdome_sync::config
