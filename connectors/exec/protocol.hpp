#pragma once

#include "sync/hr_connector.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/system/result.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// The messages of docs/exec-protocol.md, without any input or output.

namespace testdome_sync::exec {

inline constexpr std::int64_t protocol_version = 1;
inline constexpr std::size_t line_limit_bytes = std::size_t{1024} * 1024;
inline constexpr std::size_t answer_limit_bytes = 64 * line_limit_bytes;

enum class request_kind { poll, write, check };
std::string_view name_of(request_kind kind);

/// What we say, each a whole line.
std::string hello_line(const std::string& mapping);
std::string poll_line(std::int64_t id, const sync::poll_request& request);
std::string write_line(std::int64_t id, const sync::write_order& order);
std::string check_line(std::int64_t id);

/// Why a line is not what the protocol allows here; what it quotes of the line is cut and printable, and its addresses
/// are masked.
struct violation {
    std::string what;
};
[[noreturn]] void throw_exception_from_error(const violation& violation, const boost::source_location& where);
template <class T>
using understood = boost::system::result<T, violation>;

/// How the program introduces itself.
struct program_hello {
    std::string name; ///< for people; may be empty
    std::map<std::string, sync::repeatability> actions;
};

/// An application in the shape that rules see.
struct application_line {
    boost::json::object document;
};
/// A record of the HR system's own, for the mapping's `application:`.
struct record_line {
    boost::json::value record;
};
struct broken_line {
    sync::broken_record what; ///< as the program has written it
};
/// The end of a request that was carried out.
struct done_line {
    boost::json::value cursor;                               ///< of a poll
    sync::write_outcome outcome = sync::write_outcome::done; ///< of a write
    std::vector<std::string> findings;                       ///< of a check
};
/// The end of one that was not; `detail` is the program's own message.
struct failure_line {
    sync::failure why;
};
using answer_line = std::variant<application_line, record_line, broken_line, done_line, failure_line>;

/// The answer to our hello: the program's, or why it can't work.
understood<std::variant<program_hello, failure_line>> read_hello(std::string_view line);

/// One line of the answer to the request with that id.
understood<answer_line> read_answer(std::string_view line, request_kind kind, std::int64_t id);

/// `idempotent`, `checkable`, `uncertain`.
std::optional<sync::repeatability> repeatability_named(std::string_view name);
std::string_view name_of(sync::repeatability repeats);
/// `not_sent`, `outcome_unknown` …
std::string_view name_of(sync::errc code);

} // namespace testdome_sync::exec
