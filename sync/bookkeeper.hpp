#pragma once

#include "sync/environment.hpp"
#include "sync/restored.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace testdome_sync::sync {

/// Moves assessments from state to state. A transition and the write-backs that it causes are stored together, inside
/// the caller's unit_of_work.
class bookkeeper {
public:
    explicit bookkeeper(environment& world) : world_(world) {}

    /// Stores `changed` in its new state and adds the write-backs of the event that belongs to it.
    void move(assessment& changed, assessment_state to, std::string_view cause, std::string_view correlation_id = {});

    /// As move to `held`. False if it was held for that already: nothing has changed.
    bool hold(assessment& changed, hold_cause cause, std::string reason);

    /// Stores a change that is no transition.
    void keep(assessment& changed);

    /// Sets when TestDome is asked next about a completed one, counted from now; stores nothing.
    void plan_next_look(assessment& looked_at) const;

    /// A later result of a completed assessment: a second `completed` event with `.result.revised`.
    void revise(assessment& changed, boost::json::object result);

    /// Makes the text of a held write-back anew, from what is known now. Stores nothing.
    /// @returns why it still can't be made, or nothing
    std::string render_again(write_back& held);

    /// Erases the HR system's own record once nothing of the application is open any more.
    void forget_raw_if_done(const std::string& mapping, const std::string& application_id);

    /// Of the ledger, if it was put back from a backup.
    const std::optional<restoration>& restored() const
    {
        if (!restored_)
            restored_ = restoration_of(world_.ledger);
        return *restored_;
    }
    /// Whether something of this assessment may have been done before by the ledger that this one has replaced.
    bool may_be_done_already(const assessment& about) const
    {
        return restored() && happened_before(*restored(), world_.ledger, about);
    }

private:
    void add_write_backs(const assessment& changed, const std::string& event);
    void drop_overtaken(const write_back& newer);

    environment& world_;
    /// Read when it is first asked for: what has made us may still find out that the ledger was restored.
    mutable std::optional<std::optional<restoration>> restored_;
};

} // namespace testdome_sync::sync
