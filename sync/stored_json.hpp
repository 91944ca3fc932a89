#pragma once

#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include <string_view>

namespace testdome_sync::sync {

/// JSON that was written into the ledger. Foreign answers may be nested 32 levels deep, and what we store has such a
/// record inside of documents of our own: Boost.JSON's usual limit is not enough to read it again.
boost::json::value stored_json(std::string_view text, boost::system::error_code& error);
/// Throws `boost::system::system_error`.
boost::json::value stored_json(std::string_view text);

} // namespace testdome_sync::sync
