#pragma once

#include "sync/clock.hpp"
#include "sync/test_platform.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

namespace testdome_sync::sync {

/// The account's tests, so that a rule can name one by id or by exact name. Read once and again when it is older than
/// ten minutes; an old reading is better than none while TestDome can't be reached.
class test_catalog {
public:
    test_catalog(test_platform& platform, clock& clock) : platform_(platform), clock_(clock) {}

    /// Makes sure that there is a reading. Fails only if there has never been one.
    boost::asio::awaitable<result<void>> refresh();
    bool known() const { return read_at_.has_value(); }

    struct resolution {
        std::optional<test> found;
        std::string reason; ///< why none was found, with the nearest names where there are some
    };
    /// By id if the text is a number, else by exact name among tests that aren't archived; two of one name are none.
    resolution resolve(const std::string& reference) const;

    const std::vector<test>& all() const { return tests_; }

private:
    test_platform& platform_;
    clock& clock_;
    std::vector<test> tests_;
    std::optional<monotonic_time> read_at_;
};

} // namespace testdome_sync::sync
