#pragma once

#include "sync/documents.hpp"
#include "sync/hr_connector.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace testdome_sync::connectors {

/// Each application once: when pages shift, or a record comes from two lists or files, the newest reading counts: the
/// one with the latest `updated_at`, or else the last one that was added.
class newest_readings {
public:
    void add(sync::application read)
    {
        if (auto* place = place_for(read.id, read.updated_at))
            *place = std::move(read);
    }
    /// A reading that the engine has already: it is counted, and not given.
    void add_known(const std::string& id, const std::optional<sync::wall_time>& updated_at)
    {
        if (auto* place = place_for(id, updated_at))
            place->reset();
    }
    /// Given, unless the engine that asked has it already.
    void add_unless_known(sync::application read, const sync::poll_request& asked)
    {
        if (asked.is_known) {
            read.fingerprint = sync::fingerprint_of(sync::to_document(read));
            if (asked.is_known(read.id, read.fingerprint))
                return add_known(read.id, read.updated_at);
        }
        add(std::move(read));
    }
    void move_into(sync::poll_answer& answer)
    {
        for (const auto& [id, one] : places_)
            answer.newest_change = std::max(answer.newest_change, one.updated_at);
        for (auto& one : all_) {
            if (one)
                answer.applications.push_back(std::move(*one));
            else
                ++answer.unchanged;
        }
    }

private:
    struct entry {
        std::size_t place;
        std::optional<sync::wall_time> updated_at;
    };

    /// Where to put a reading; null if a newer one is there.
    std::optional<sync::application>* place_for(const std::string& id, const std::optional<sync::wall_time>& updated_at)
    {
        const auto [known, fresh] = places_.try_emplace(id, entry{all_.size(), updated_at});
        if (fresh)
            return &all_.emplace_back();
        if (updated_at && known->second.updated_at && *updated_at < *known->second.updated_at)
            return nullptr;
        known->second.updated_at = updated_at;
        return &all_[known->second.place];
    }

    std::map<std::string, entry> places_;
    std::vector<std::optional<sync::application>> all_; ///< none: known as it is
};

} // namespace testdome_sync::connectors
