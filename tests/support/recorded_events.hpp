#pragma once

#include "sync/events.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace testdome_sync::testing {

/// Keeps every log event for a test to look at.
class recorded_events final : public sync::event_sink {
public:
    void write(const sync::event& event) override { all.push_back(event); }

    std::vector<std::string> names() const
    {
        std::vector<std::string> result;
        for (const auto& event : all)
            result.emplace_back(event.type->name);
        return result;
    }
    long count(std::string_view name) const
    {
        return std::ranges::count_if(all, [&](const sync::event& event) { return event.type->name == name; });
    }

    std::vector<sync::event> all;
};

} // namespace testdome_sync::testing
