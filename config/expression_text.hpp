#pragma once

#include <string>
#include <string_view>

namespace testdome_sync::config {

/// What can be told of a jq expression by its text alone.
struct expression_shape {
    bool balanced = true;         ///< brackets and strings close in order: it can stand inside parentheses
    std::string forbidden_word{}; ///< a built-in that reaches outside of the document, or empty
};
expression_shape shape_of(std::string_view expression);

/// Where the `}}` that ends an expression begins, from `begin` on; npos if there is none. Braces of jq objects and
/// strings are skipped.
std::size_t end_of_embedded(std::string_view text, std::size_t begin);

} // namespace testdome_sync::config
