#pragma once

#include "config/jq.hpp"
#include "config/reader.hpp"
#include "connectors/http/message.hpp"
#include "sync/failure.hpp"

#include <boost/json/value.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace testdome_sync::rest {

enum class paging_type { none, link_header, next_url, cursor, offset, page, since_id };
enum class value_place { query, body, header, path };

/// How a list goes on after its first page. Expressions see the page's answer (see `list_description`).
struct paging_description {
    paging_type type = paging_type::none;
    std::optional<config::jq_expression> next;  ///< next_url: the URL; cursor, since_id: the value; null ends the list
    std::optional<config::jq_expression> more;  ///< false ends the list
    std::optional<config::jq_expression> total; ///< rows of all pages together: with so many read, the list ends
    std::optional<config::jq_expression> rows;  ///< rows of this page, where `records` gives fewer or more
    std::string parameter;                      ///< of cursor, offset, page number or id; body: a path such as `a.0.b`
    value_place place = value_place::query;     ///< path: the segment after the segment of that name
    bool only_parameter = false;                ///< the next request carries the cursor and no other query parameter
    bool keep_query = false; ///< link_header, next_url: parameters that the next URL lacks are added again
    long long first = 1;     ///< page: number of the first page
    long long size = 0;      ///< rows of a full page; a shorter one is the last, unless `more` or `total` say otherwise
};

/// Reads `value` (null: a list of one page).
paging_description read_paging(const config::node* value, config::reader& parent);

/// How far the reading of one list has come.
struct progress {
    long long pages = 0;
    std::size_t page_rows = 0; ///< of the last page
    std::size_t all_rows = 0;
};

/// The request of the first page, with the page's number where that must be said.
sync::result<http::request> first_page(http::request order, const paging_description& paging);

/// The request of the page after `current`; nothing at the end. `answer` is `{"status","headers","body"}`. An address
/// at another origin is `malformed`: it must not get our credentials.
sync::result<std::optional<http::request>> next_page(const http::request& first, const http::request& current,
                                                     const paging_description& paging, const boost::json::value& answer,
                                                     const progress& read);

} // namespace testdome_sync::rest
