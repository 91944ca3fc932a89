#pragma once

#include "daemon/listener/subject.hpp"
#include "daemon/listener/webhooks.hpp"

#include <string>

namespace testdome_sync::listener {

/// What only this process knows, beside what the ledger holds.
struct process_facts {
    std::string version;
    sync::wall_time started_at{};
    webhook_counts webhooks{};
};

/// Never more than this, however many mappings and alarms there are.
inline constexpr std::size_t series_limit = 60;

/// Prometheus' text format, version 0.0.4: counts, times and names of mappings, no personal data. Of more than ten
/// mappings only the ten that were read least recently are told one by one, and of more alarms than fit in, how many
/// there are of each name. Throws ledger_error.
std::string metrics_text(subject& about, const process_facts& process, sync::wall_time now);

} // namespace testdome_sync::listener
