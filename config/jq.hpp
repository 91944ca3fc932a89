#pragma once

#include "config/problems.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/system/result.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace testdome_sync::config {

/// Why an expression gave no answer; for people, without the data it was applied to.
struct evaluation_failure {
    std::string reason;
};
[[noreturn]] void throw_exception_from_error(const evaluation_failure& failure, const boost::source_location& where);
template <class T>
using evaluated = boost::system::result<T, evaluation_failure>;

class jq_library;

/// A document that expressions are applied to: converted to what libjq wants once, if at all. Not thread-safe.
class jq_document {
public:
    // A document is a document: all of these may be implicit. The first two must outlive what is made of them.
    jq_document(const boost::json::value& document);  // NOLINT(google-explicit-constructor)
    jq_document(const boost::json::object& document); // NOLINT(google-explicit-constructor)
    jq_document(boost::json::value&& document);       // NOLINT(google-explicit-constructor)
    jq_document(boost::json::object&& document);      // NOLINT(google-explicit-constructor)
    jq_document(jq_document&&) noexcept;
    jq_document& operator=(jq_document&&) noexcept;
    ~jq_document();

    /// Of a document that is an object.
    const boost::json::object& object() const;
    /// Changes a member of an object that was moved in. What was converted of the others stays so.
    void set(std::string_view name, boost::json::value value);
    void erase(std::string_view name);

private:
    friend class jq_expression;
    struct held;
    std::unique_ptr<held> held_;
};

/// One jq expression of a configuration file. A cheap handle; keeps its library alive. Not thread-safe: all
/// expressions of one library are used on one thread.
class jq_expression {
public:
    /// Applies the expression and gives every output, in order. Too many of them are a failure, as is too large an
    /// answer, or one that takes too long: nothing is left out silently.
    evaluated<std::vector<boost::json::value>> all(const jq_document& document) const;

    /// The first output; no output at all is null.
    evaluated<boost::json::value> first(const jq_document& document) const;

    /// First output as jq's `if` sees it: false and null are false, everything else is true.
    evaluated<bool> test(const jq_document& document) const;

    const std::string& text() const;
    const position& where() const;

private:
    friend class jq_library;
    jq_expression(std::shared_ptr<jq_library> library, std::size_t index);
    evaluated<std::vector<boost::json::value>> outputs(const jq_document& document, std::size_t limit, bool all) const;
    std::shared_ptr<jq_library> library_;
    std::size_t index_;
};

/// All expressions of a mapping, compiled as one program: libjq takes some 17 ms for each program, nearly all of it
/// for its own built-ins, so forty programs would make start-up slow.
class jq_library : public std::enable_shared_from_this<jq_library> {
public:
    /// `limit` is what one evaluation may take of the processor's time. A memory limit is kept, too.
    static std::shared_ptr<jq_library> create(std::chrono::milliseconds limit = std::chrono::seconds{1});
    ~jq_library();

    /// Adds an expression; it can be used after `compile()`.
    jq_expression add(std::string expression, position where);

    /// Compiles everything added so far. Each expression that isn't jq is a problem at its own position, with the
    /// message of the jq compiler. May be called again after further `add()`s. True if all is well.
    bool compile(problems& found);

    /// Where the expressions stand that no document was ever applied to, in the order of their addition; each place
    /// once, and not if an alias of it was evaluated. For tests of a preset.
    std::vector<position> never_evaluated() const;

private:
    friend class jq_expression;
    explicit jq_library(std::chrono::milliseconds limit);
    struct implementation;
    std::unique_ptr<implementation> implementation_;
};

} // namespace testdome_sync::config
