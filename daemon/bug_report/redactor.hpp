#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace testdome_sync::bug_report {

/// Takes out of free text what must not leave the company. Knows what it was told to hide, and besides hides e-mail
/// addresses, what looks like a key (16 and more letters and digits), and whose home directory a path is in. Hides
/// rather too much: a word of a log line may go because an applicant is called so.
class redactor {
public:
    /// Hidden wherever it stands. What is shorter than four characters would be found everywhere, and is ignored; so is
    /// our own name.
    void hide_secret(std::string secret);
    /// Each word of it, of three letters and more, is hidden where it stands as a word; in small letters only if it has
    /// five, so that applicants who are called May or Long leave the log readable.
    void hide_name(std::string_view name);

    /// One line, fit to print.
    std::string operator()(std::string_view text) const;

private:
    bool hides(std::string_view word) const;

    std::vector<std::string> secrets_;
    std::unordered_set<std::string> words_; ///< in small letters
};

} // namespace testdome_sync::bug_report
