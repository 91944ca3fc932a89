#pragma once

#include "sync/clock.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>

namespace testdome_sync::sync {

struct applicant {
    std::string id;
    std::string first_name;
    std::string last_name;
    std::string name;  ///< full name; made of first and last name where the HR system has no such field
    std::string email; ///< may be empty
};

/// Makes the whole name of its parts, or the parts of the whole name, where one is missing.
void complete_names(applicant& who);

/// A job or a stage.
struct named {
    std::string id;
    std::string name;
};

/// One person applying to one job, as the HR system had it when it was last read.
struct application {
    std::string id;  ///< unique within the mapping, and stable
    std::string url; ///< for people; may be empty
    std::optional<wall_time> applied_at;
    /// Where `applied_at` is not known, and whoever is first seen need not be new: it was not before this.
    std::optional<wall_time> applied_after{};
    std::optional<wall_time> updated_at;
    std::string status; ///< `active`, `rejected`, `hired`, `withdrawn`, `deleted`, or the HR system's own word
    sync::applicant applicant;
    named job;
    named stage;
    boost::json::value raw; ///< the HR system's own record
    /// `fingerprint_of(to_document(…))` where whoever read it has made it already; else empty.
    std::string fingerprint{};
};

/// Rejected, withdrawn, hired and deleted applications get no new write-back other than a note.
bool is_closed(const application& application);

/// The document that rules and write-back see: `.application`, `.applicant`, `.job`, `.stage`, `.status`, `.raw`.
boost::json::object to_document(const application& application);
/// The reverse of `to_document`; unknown members are ignored.
application application_from(const boost::json::object& document);

/// Of a document, without reading the rest of it: whether its application is closed, and the applicant's address,
/// normalized.
bool is_closed(const boost::json::object& document);
std::string email_in(const boost::json::object& document);

/// ISO 8601 in UTC with seconds, `2026-11-24T07:00:00Z`.
std::string to_text(wall_time time);
/// ISO 8601 with zone or `Z`, with or without fraction, or a date alone (midnight UTC); nothing if it is
/// neither, or outside of the years 1678 to 2261.
std::optional<wall_time> time_from(std::string_view text);

/// Lower case, outer white space removed: the form in which addresses are compared.
std::string normalized_email(std::string_view email);
/// Good enough to be sent to TestDome: one `@`, something on both sides, no white space, comma or control character.
bool is_plausible_email(std::string_view email);

} // namespace testdome_sync::sync
