#pragma once

#include "sync/events.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace testdome_sync::testing {

/// Keeps every log event for a test to look at. One whose fields are others than its row of the table says throws
/// std::logic_error.
class recorded_events final : public sync::event_sink {
public:
    void write(const sync::event& event) override
    {
        require_fields_of_its_type(event);
        if (keeps)
            all.push_back(event);
    }

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
    bool keeps = true; ///< false: they are only looked at

private:
    static void require_fields_of_its_type(const sync::event& event)
    {
        std::istringstream declared{std::string(event.type->fields)};
        auto undeclared = event.fields;
        for (std::string name; declared >> name;) {
            const bool optional = name.ends_with('?');
            name.resize(name.size() - (optional ? 1 : 0));
            const bool told = std::erase_if(undeclared, [&](const sync::field& one) {
                                  return one.name == name && (optional || !one.value.empty());
                              }) > 0;
            if (!told && !optional)
                throw std::logic_error(std::string(event.type->name) + " has no " + name + ": " + event.text);
        }
        if (!undeclared.empty())
            throw std::logic_error(std::string(event.type->name) +
                                   " has another field than its type says: " + std::string(undeclared.front().name));
    }
};

} // namespace testdome_sync::testing
