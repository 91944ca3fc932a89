#pragma once

#include "sync/application.hpp"
#include "sync/assessment.hpp"
#include "sync/test_platform.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace testdome_sync::sync {

/// The application's document with `.test`, `.assessment`, `.result` and `.error` of one of its assessments.
boost::json::object with_assessment(boost::json::object application_document, const assessment& assessment);

/// The `.result` document of a candidate. `report_url` is the page that an account's user opens.
boost::json::object result_document(const candidate& candidate);

/// True if both say the same of a finished test, whatever else TestDome has changed (`.raw` isn't looked at).
bool same_result(const boost::json::value& one, const boost::json::value& other);

/// Twelve hexadecimal digits after `td-`: the same for the same write-back of the same application and test, even if
/// the ledger was lost and made anew, so that `already:` finds what was written.
std::string marker_of(const assessment& assessment, std::string_view event, int revision, int position);

/// A digest of any JSON value, to notice changes: sixteen hexadecimal digits. Not for what somebody may want to forge.
std::string fingerprint_of(const boost::json::value& value);
std::string fingerprint_of(const boost::json::object& object);
/// Of the application's document; not made anew where whoever read it has told it.
std::string fingerprint_of(const application& one);

} // namespace testdome_sync::sync
