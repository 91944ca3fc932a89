#pragma once

#include "config/source.hpp"

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace testdome_sync::config {

/// One mistake in one file, told as a person wants to read it: what, and what to write instead.
struct problem {
    position where;
    std::string message; ///< one line, no final full stop; never holds a secret
};

/// Collects every mistake of every file, so that they are reported in one go.
class problems {
public:
    void add(const position& where, std::string message);
    bool empty() const { return list_.empty(); }
    const std::vector<problem>& list() const { return list_; }

    /// All problems in file order (files in the order of first mention), each as `file:line:column: message`, the
    /// offending line with its number, and a caret line. A line that holds a `credentials` value is quoted as it is
    /// only when the value is a tag (`!credential …`): a literal secret is never quoted.
    std::string text() const;

private:
    std::vector<problem> list_;
};

/// Thrown when the configuration can't be used; `what()` is `problems::text()`.
class configuration_error : public std::runtime_error {
public:
    explicit configuration_error(const problems& found) : std::runtime_error(found.text()), found_(found) {}
    const problems& found() const { return found_; }

private:
    problems found_;
};

/// "; did you mean \"test\"?" for the known word that is nearest to `word` (edit distance at most 3 and less than
/// half its length, case ignored), else an empty string.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

} // namespace testdome_sync::config
