#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace testdome_sync::http {

/// Header fields in order; names compare without case.
class fields {
public:
    void set(std::string name, std::string value); ///< replaces
    void add(std::string name, std::string value);
    std::optional<std::string_view> find(std::string_view name) const; ///< the first; lives until the next change
    const std::vector<std::pair<std::string, std::string>>& list() const { return list_; }

private:
    std::vector<std::pair<std::string, std::string>> list_;
};

/// What may be done with a request whose connection broke.
enum class repetition {
    never, ///< it has an effect (money, a note): it leaves at most once
    safe,  ///< reading: the pool may send it again when a kept connection turns out to be closed
};

enum class redirects {
    refuse,      ///< a 3xx is an answer like any other
    same_origin, ///< followed (GET only, at most 5) while scheme, host and port stay the same
};

struct request {
    std::string method = "GET";
    std::string url{}; ///< absolute, `https://`; may hold a secret: never log
    fields headers{};
    std::string body{};
    repetition repeat = repetition::never;
    redirects follow = redirects::refuse;
    std::chrono::milliseconds deadline{30'000}; ///< for the whole exchange, waiting for a connection included
    /// Not sent after this, however long its turn, a token or a service that is busy make it wait: who waits for its
    /// effect counts from when it may have left. Empty: whenever its turn comes.
    std::optional<std::chrono::steady_clock::time_point> leave_by{};
    double cost = 1;                                   ///< what it takes of a budget that is counted in credits
    std::size_t answer_limit_bytes = 16 * 1024 * 1024; ///< of the body after decompression
};

struct response {
    int status = 0;
    fields headers;
    std::string body; ///< decompressed
};

/// `METHOD https://host/path` without query, user info and fragment: what a log or an error may show.
std::string printable(const request& sent);
std::string printable_url(std::string_view url);

} // namespace testdome_sync::http
