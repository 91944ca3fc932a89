#pragma once

#include "sync/environment.hpp"
#include "sync/failure.hpp"
#include "sync/intake.hpp"
#include "sync/test_catalog.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <optional>
#include <string>

namespace testdome_sync::sync {

/// Reads one HR system once. What is read since when, and what a failed reading leaves behind, is decided here.
class poller {
public:
    poller(environment& world, intake& intake, test_catalog& catalog)
        : world_(world), intake_(intake), catalog_(catalog)
    {
    }

    /// One poll: either everything of the window is taken in and the cursor moves, or nothing changes but the note of
    /// the failure. `next` is stored for `status`.
    boost::asio::awaitable<result<intake_summary>> poll(active_mapping& mapping, std::optional<wall_time> next);

private:
    wall_time since(const config::mapping& mapping, const mapping_record& record);
    std::optional<wall_time> look_again_since(const std::string& mapping);
    mapping_record begin(const config::mapping& mapping, std::optional<wall_time> next);
    void note_failure(const config::mapping& mapping, const failure& why);

    environment& world_;
    intake& intake_;
    test_catalog& catalog_;
    std::map<std::string, monotonic_time> looked_again_; ///< by mapping
};

} // namespace testdome_sync::sync
