#pragma once

#include "config/jq.hpp"
#include "config/node.hpp"
#include "config/secret.hpp"
#include "config/templates.hpp"

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace testdome_sync::config {

/// Whether systemd's credentials must be there. Only the service has them: a command that signs in nowhere does
/// without.
enum class secrets { needed, unneeded };

/// Where the four tags find their values.
struct tag_sources {
    std::string credentials_directory; ///< $CREDENTIALS_DIRECTORY, or empty
    std::string base_directory;        ///< relative `!file` paths start here
    /// With `unneeded` and no directory, `!credential` gives a text that stands for any secret.
    secrets credentials = secrets::needed;
};

/// Reads the members of one YAML mapping, once each, into typed values. Whatever is wrong becomes a problem and the
/// default is returned, so that reading goes on and all mistakes are found in one go. `finish()` (also called by the
/// destructor) reports the members that nobody asked for, with "did you mean".
class reader {
public:
    /// `what` names the mapping in messages: "rule \"backend engineers\"", "testdome". `value` must outlive the reader;
    /// if it isn't a mapping, that is the problem and every member is missing.
    reader(const node& value, std::string what, jq_library& library, const tag_sources& sources, problems& found);
    ~reader();
    reader(const reader&) = delete;
    reader& operator=(const reader&) = delete;

    bool has(std::string_view key) const;
    /// The member's node, counted as read; null if absent.
    const node* child(std::string_view key);
    /// As `child`, but absence is a problem.
    const node* require(std::string_view key);

    // Each returns the default when the member is absent, and on a problem. Tags !credential, !env and !file are
    // resolved for text, secret, number and flag.
    std::string text(std::string_view key, std::string fallback = {});
    std::string required_text(std::string_view key);
    secret secret_text(std::string_view key);
    bool flag(std::string_view key, bool fallback);
    long long number(std::string_view key, long long fallback, long long lowest, long long highest);
    std::chrono::seconds duration(std::string_view key, std::chrono::seconds fallback);
    std::vector<std::string> texts(std::string_view key); ///< a list of texts, or one text
    /// A member that must carry `!jq`.
    std::optional<jq_expression> expression(std::string_view key);
    std::optional<text_template> text_parts(std::string_view key);
    std::optional<json_template> json_parts(std::string_view key);
    /// One of `allowed`; else a problem with "did you mean".
    std::string choice(std::string_view key, std::string fallback, const std::vector<std::string>& allowed);

    void finish();
    void ignore(std::string_view key); ///< counts a member as known and read

    const node& value() const { return value_; }
    const std::string& what() const { return what_; }
    problems& found() { return found_; }
    jq_library& library() { return library_; }
    const tag_sources& sources() const { return sources_; }

private:
    const node& value_;
    std::string what_;
    jq_library& library_;
    const tag_sources& sources_;
    problems& found_;
    std::set<std::string, std::less<>> known_;
    bool finished_ = false;
};

/// `90s`, `15m`, `2h`, `7d`; a problem otherwise.
std::optional<std::chrono::seconds> parse_duration(const node& value, problems& found);

/// A value as a problem may show it: in quotes, but never what a file, a credential or the environment holds.
std::string shown_value(const node& value, const std::string& resolved);

/// Whether a text that stands for any secret is all that the value gives here: it can't be judged.
bool is_stand_in(const node& value, const tag_sources& sources);

/// A scalar's text with `!credential`, `!env` and `!file` resolved (trailing newline dropped). A secret file that
/// others than its owner and group may read is refused: the problem says `chmod 640`.
std::optional<std::string> resolve_text(const node& value, const tag_sources& sources, problems& found);

} // namespace testdome_sync::config
