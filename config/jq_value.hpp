#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstddef>

extern "C" {
#include <jv.h>
}

namespace testdome_sync::config {

/// A JSON value for libjq; the caller owns it. Integers beyond ±2^53, which jq 1.6 would round, become strings: they
/// are identifiers, and must stay what they are.
jv to_jv(const boost::json::value& value);
jv to_jv(const boost::json::object& value);

/// An answer that is nested deeper than 64 levels or larger than there is room for. (In libjq a value may hold another
/// many times over at no cost; written out, a few doublings fill any memory.)
struct answer_too_large {};

/// Takes the value over. Whole numbers up to 2^53 come back as integers. Each value takes 16 bytes of `room` and its
/// text. Throws `answer_too_large`.
boost::json::value from_jv(jv value, std::size_t& room);

} // namespace testdome_sync::config
