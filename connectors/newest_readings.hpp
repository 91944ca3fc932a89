#pragma once

#include "sync/documents.hpp"
#include "sync/hr_connector.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace testdome_sync::connectors {

/// Each application once: when pages shift, or a record comes from two lists or files, the newest reading counts: the
/// one with the latest `updated_at`, or else the last one that was added.
class newest_readings {
public:
    void add(sync::application read)
    {
        const auto of = place_for(read.id, read.updated_at);
        if (of == places_.end())
            return;
        auto& kept = of->second;
        kept.is_known = false;
        if (kept.place)
            return readings_.replace(*kept.place, std::move(read));
        kept.place = readings_.size();
        readings_.push_back(std::move(read));
    }
    /// A reading that the engine has already: it is counted, and not given.
    void add_known(const std::string& id, const std::optional<sync::wall_time>& updated_at)
    {
        if (const auto of = place_for(id, updated_at); of != places_.end())
            of->second.is_known = true;
    }
    /// Given, unless the engine that asked has it already.
    void add_unless_known(sync::application read, const sync::poll_request& asked)
    {
        if (asked.is_known) {
            read.fingerprint = sync::fingerprint_of(read);
            if (asked.is_known(read.id, read.fingerprint))
                return add_known(read.id, read.updated_at);
        }
        add(std::move(read));
    }
    void move_into(sync::poll_answer& answer)
    {
        std::set<std::size_t> overtaken;
        for (const auto& [id, one] : places_) {
            answer.newest_change = std::max(answer.newest_change, one.updated_at);
            answer.unchanged += one.is_known ? 1 : 0;
            if (one.is_known && one.place)
                overtaken.insert(*one.place);
        }
        for (auto place = overtaken.rbegin(); place != overtaken.rend(); ++place)
            readings_.erase(*place);
        answer.applications = std::move(readings_);
    }

private:
    struct entry {
        std::optional<std::size_t> place; ///< of what was read
        std::optional<sync::wall_time> updated_at;
        bool is_known = false; ///< whatever was read, the newest is nothing new
    };
    using places = std::map<std::string, entry>; // by the application's id

    /// The entry that a reading belongs into; none if a newer one is there.
    places::iterator place_for(const std::string& id, const std::optional<sync::wall_time>& updated_at)
    {
        const auto [known, fresh] = places_.try_emplace(id, entry{{}, updated_at});
        if (fresh)
            return known;
        if (updated_at && known->second.updated_at && *updated_at < *known->second.updated_at)
            return places_.end();
        known->second.updated_at = updated_at;
        return known;
    }

    places places_;
    sync::application_pile readings_;
};

} // namespace testdome_sync::connectors
