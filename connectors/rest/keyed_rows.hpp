#pragma once

#include "config/jq.hpp"
#include "connectors/rest/caller.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace testdome_sync::rest {

/// Rows of an answer by what they are about; the key as plain text, as ids are numbers in one place and text in
/// another.
using keyed_rows = std::map<std::string, std::vector<boost::json::value>>;

/// How the rows of an answer about several things are told apart.
struct row_description {
    const config::jq_expression& records;            ///< every output is a row; sees a page's answer
    const std::optional<config::jq_expression>& key; ///< of a row; none: all rows are about the only id
};

/// Reads all pages. A row without a key, or an answer in which there are no rows to be found, is `malformed`.
/// `only_id` is the key of every row where the description has none.
boost::asio::awaitable<sync::result<keyed_rows>> read_keyed_rows(caller& hr_system, outgoing order,
                                                                 const paging_description& paging, row_description rows,
                                                                 std::string only_id);

/// The answer is not what the expression of the description expects.
sync::failure not_as_described(const config::jq_expression& expression, const config::evaluation_failure& why);

} // namespace testdome_sync::rest
