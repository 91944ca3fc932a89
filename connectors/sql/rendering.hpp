#pragma once

#include "connectors/sql/description.hpp"
#include "connectors/sql/values.hpp"
#include "sync/failure.hpp"

#include <boost/json/object.hpp>

namespace testdome_sync::sql {

/// A statement's values for one document. `refused` if one can't be had, or is nothing that a database takes: a list,
/// an object, a text with a zero byte.
sync::result<parameters> rendered(const statement_description& wanted, const boost::json::object& document);

/// Whether rows say yes: there is one whose first column is neither null, nor false, nor 0.
bool says_yes(const connection::records& rows);

} // namespace testdome_sync::sql
