#pragma once

#include "config/mapping.hpp"
#include "config/settings.hpp"
#include "sync/ledger.hpp"

#include <string>
#include <vector>

namespace testdome_sync::listener {

/// What the listener tells about and nudges: the daemon's work. What it gives may change with a reload, so nothing of
/// it is kept between two requests. All calls return at once.
class subject {
public:
    virtual ~subject() = default;

    virtual const config::settings& settings() const = 0;
    virtual std::vector<const config::mapping*> mappings() const = 0;
    virtual sync::ledger& ledger() = 0;
    /// The engine runs, and nobody has asked it to end for good.
    virtual bool is_working() const = 0;
    /// The files were read again and could not be used: what is in force is of before.
    virtual bool has_refused_files() const = 0;

    /// The HR system is asked now instead of when it is due.
    virtual void look_now(const std::string& mapping) = 0;
    /// The same for TestDome.
    virtual void look_at_testdome_now() = 0;
};

} // namespace testdome_sync::listener
