#pragma once

#include "daemon/listener/subject.hpp"
#include "sync/alarms.hpp"
#include "sync/statistics.hpp"

#include <optional>
#include <string>
#include <vector>

namespace testdome_sync::listener {

/// What the status page shows, as it was at one moment. No name, no address, no id.
struct overview {
    struct mapping {
        std::string name;
        std::string connector;
        sync::mapping_statistics counts;
        std::optional<sync::wall_time> last_poll;
        std::optional<sync::wall_time> last_success;
        std::optional<sync::wall_time> next_poll;
        bool is_paused = false;
        bool is_failing = false;
    };
    struct day {
        std::chrono::sys_days date;
        std::int64_t invitations = 0;
    };

    sync::wall_time at{};
    bool is_working = false;
    bool has_refused_files = false;
    std::vector<mapping> mappings;
    std::vector<day> days; ///< today first; days without invitations too
    config::limit_settings limits;
    std::vector<sync::alarm> alarms;
};

/// Reads it all from the ledger. Throws ledger_error.
overview overview_of(subject& about, sync::wall_time now);

} // namespace testdome_sync::listener
