#pragma once

#include "connectors/rest/description.hpp"
#include "sync/clock.hpp"

#include <boost/json/value.hpp>

#include <map>
#include <optional>
#include <string>

namespace testdome_sync::rest {

/// What is kept between polls, in the ledger: the HR system's own cursor, and when each slow list was read. A poll that
/// leaves a slow list out moves the window all the same, so the list is later read from the first window that it
/// missed.
class list_memory {
public:
    /// `stored` is what `stored()` gave the last time; null at first.
    list_memory(const boost::json::value& stored, const description& described);

    /// From when the list is to be read now; nothing if its time has not come. `since` is the poll's window.
    std::optional<sync::wall_time> due(const list_description& list, sync::wall_time now, sync::wall_time since);

    boost::json::value cursor;
    boost::json::value stored() const;

private:
    struct slow {
        sync::wall_time read_at;
        std::optional<sync::wall_time> missed_since;
    };
    bool has_slow_lists_ = false;
    std::map<std::string, slow> slow_;
};

} // namespace testdome_sync::rest
