#pragma once

#include "sync/failure.hpp"
#include "sync/test_platform.hpp"

#include <boost/json/array.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace testdome_sync::testdome {

/// The body's JSON as it can be kept: a number beyond a double's range, which JSON can't write again, is null.
std::optional<boost::json::value> json_from(std::string_view body, boost::json::storage_ptr memory = {});

/// One page of a list: `{"value":[…],"totalCount":…,"hasMoreItems":…}`.
struct page {
    /// A hundred records that go as they came, all at once, in a piece of memory of their own.
    struct records {
        explicit records(std::size_t bytes) : memory(bytes), rows(&memory) {}
        boost::json::monotonic_resource memory;
        boost::json::array rows;
    };
    const boost::json::array& rows() const { return held->rows; }
    /// One of them, which holds them all.
    std::shared_ptr<const boost::json::value> shared(const boost::json::value& row) const { return {held, &row}; }

    std::shared_ptr<records> held;
    std::optional<std::int64_t> total;
    bool has_more = false;
};
/// Nothing if the body isn't such a page. A missing `hasMoreItems` is worked out from the total.
std::optional<page> page_from(std::string_view body, std::int64_t skip, std::int64_t top);

/// Unknown members are ignored. Nothing without a numeric id.
std::optional<sync::test> test_from(const boost::json::value& row);
/// `.raw` is kept of finished candidates only: nobody asks for it before there is a result.
std::optional<sync::candidate> candidate_from(const std::shared_ptr<const boost::json::value>& row);

/// Compares without case, as v1 and webhooks write PascalCase.
sync::candidate_status status_from(std::string_view text);

struct invite_body {
    std::vector<std::string> failed_emails;
};
/// `{"failedEmails":[…],"message":…,"result":[…]}`; nothing if `failedEmails` isn't there: then the outcome isn't
/// known.
std::optional<invite_body> invite_answer_from(std::string_view body);

/// The error's codes from the outside in, `BadArgument/NullValue`; empty if the body has none.
std::string error_codes(std::string_view body);

} // namespace testdome_sync::testdome
