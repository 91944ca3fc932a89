#pragma once

#include "config/mapping.hpp"
#include "config/settings.hpp"
#include "sync/clock.hpp"
#include "sync/events.hpp"
#include "sync/hr_connector.hpp"
#include "sync/ledger.hpp"
#include "sync/parts.hpp"
#include "sync/test_platform.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace testdome_sync::sync {

/// A mapping and the connector that was made for it.
struct active_mapping {
    config::mapping settings;
    std::unique_ptr<hr_connector> connector;
};

/// Everything the engine's parts need of the world and of each other. Made by the daemon, the simulation and tests;
/// outlives the engine.
struct environment {
    const config::settings& settings;
    std::vector<active_mapping>& mappings; ///< not changed while the engine runs
    sync::ledger& ledger;
    test_platform& platform;
    sync::clock& clock;
    random_source& random;
    event_sink& events;
    own_parts* parts = nullptr; ///< of a ledger that is shared; null: all the work is ours

    /// So many of one poll are taken in by one unit of work (the last one may be half as large again), then others have
    /// a turn; and so many are judged and invited before the next ones are.
    std::size_t people_at_once = 1000;

    bool does(const std::string& part) const { return !parts || parts->has(part); }

    /// Null when the mapping is no longer configured: what belongs to it waits until it is.
    active_mapping* find_mapping(const std::string& name) const
    {
        for (auto& mapping : mappings)
            if (mapping.settings.name == name)
                return &mapping;
        return nullptr;
    }

    /// By a person: its HR system is left alone, and nobody of it is invited.
    bool is_paused(const std::string& mapping) const { return ledger.find_mapping(mapping).paused; }
};

} // namespace testdome_sync::sync
