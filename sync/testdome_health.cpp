#include "sync/testdome_health.hpp"

#include "sync/application.hpp"

namespace testdome_sync::sync {

bool testdome_health::report(const result<void>& outcome)
{
    if (outcome) {
        const auto before = known_.is_null() ? world_.ledger.find_fact("testdome") : boost::json::value(nullptr);
        const bool was_down_at_start = before.is_object() && !before.at("ok").as_bool();
        if (is_down_ || was_down_at_start)
            world_.events.emit("testdome.recovered", "TestDome answers again");
    } else if (!is_down_) {
        world_.events.emit("testdome.failed",
                           "nothing is lost, it is tried again by itself: " + printable(outcome.error().detail));
    }
    // Whoever was denied several times is left alone for a while, which is another failure for the same reason.
    is_denied_ = !outcome && (is_denied_ || outcome.error().code == errc::denied);
    const boost::json::value health{{"ok", outcome.has_value()},
                                    {"held_back", world_.platform.holds_back()},
                                    {"denied", is_denied_},
                                    {"last_error", outcome ? "" : printable(outcome.error().detail)}};
    is_down_ = !outcome;
    if (health != known_) {
        unit_of_work unit(world_.ledger);
        world_.ledger.save_fact("testdome", health);
        unit.commit();
        known_ = health;
    }
    return outcome.has_value();
}

void testdome_health::forget()
{
    known_ = nullptr;
    is_down_ = false;
}

} // namespace testdome_sync::sync
