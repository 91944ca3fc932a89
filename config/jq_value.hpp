#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

extern "C" {
#include <jv.h>
}

namespace testdome_sync::config {

/// A JSON value for libjq; the caller owns it. Integers beyond ±2^53, which jq 1.6 would round, become strings: they
/// are identifiers, and must stay what they are.
jv to_jv(const boost::json::value& value);
jv to_jv(const boost::json::object& value);

/// Takes the value over. Whole numbers up to 2^53 come back as integers.
boost::json::value from_jv(jv value);

} // namespace testdome_sync::config
