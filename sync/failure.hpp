#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace testdome_sync::sync {

/// What the engine must know of a failed call, whoever made it.
enum class errc {
    not_sent = 1,    ///< nothing was carried out; safe to repeat later
    outcome_unknown, ///< it may have been carried out: look before doing it again
    refused,         ///< the other side understood and said no: this item will not get better by itself
    denied,          ///< credentials or rights: nothing of this account works until a person acts
    not_found,       ///< the thing addressed does not exist (any more)
    malformed,       ///< an answer that can't be understood, to a request that only reads
    unsupported,     ///< the other side can't do this at all
};
const boost::system::error_category& category();
boost::system::error_code make_error_code(errc code);

struct failure {
    boost::system::error_code code; ///< an errc
    std::string detail;             ///< for people: what did not happen, where, what to do; no secret, name or address
    std::optional<std::chrono::seconds> retry_after{}; ///< the other side's own wish, if it gave one
};
[[noreturn]] void throw_exception_from_error(const failure& failure, const boost::source_location& where);
template <class T>
using result = boost::system::result<T, failure>;

} // namespace testdome_sync::sync

template <>
struct boost::system::is_error_code_enum<testdome_sync::sync::errc> : std::true_type {
};
