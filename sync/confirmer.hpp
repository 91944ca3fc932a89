#pragma once

#include "sync/bookkeeper.hpp"
#include "sync/environment.hpp"
#include "sync/failure.hpp"
#include "sync/selector.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <map>
#include <vector>

namespace testdome_sync::sync {

/// Finds out what became of invitations whose outcome is unknown. They are looked up in TestDome until they are found,
/// or until the settle window has passed with at least two empty look-ups: only then may they be planned again.
class confirmer {
public:
    confirmer(environment& world, bookkeeper& books, selector& selector)
        : world_(world), books_(books), selector_(selector)
    {
    }

    /// Turns every `inviting` into `unconfirmed`: called once when TestDome becomes ours, when
    /// no request can be in flight.
    void recover_interrupted();

    /// For a process that ends after one cycle: the settle window is measured by the wall clock alone. Without this, as
    /// much time must have passed on the monotonic clock since this process's first look as well: somebody may set the
    /// wall clock forward, and an invitation that TestDome doesn't list yet would be paid for twice.
    void trust_wall_clock() { trusts_wall_clock_ = true; }

    /// One look-up of everything unconfirmed.
    boost::asio::awaitable<result<void>> confirm();

private:
    void settle(const assessment& lost, const std::vector<candidate>& found);
    bool has_waited(const assessment& lost) const;

    environment& world_;
    bookkeeper& books_;
    selector& selector_;
    bool trusts_wall_clock_ = false;
    std::map<std::int64_t, monotonic_time> first_look_; ///< of this process, by assessment
};

} // namespace testdome_sync::sync
