#pragma once

#include "sync/bookkeeper.hpp"
#include "sync/environment.hpp"
#include "sync/failure.hpp"
#include "sync/intake.hpp"

#include <boost/asio/awaitable.hpp>

namespace testdome_sync::sync {

/// Finds out what became of invitations whose outcome is unknown. They are looked up in TestDome until they are found,
/// or until the settle window has passed with at least two empty look-ups: only then may they be planned again.
class confirmer {
public:
    confirmer(environment& world, bookkeeper& books, intake& intake) : world_(world), books_(books), intake_(intake) {}

    /// Turns every `inviting` into `unconfirmed`: called once at the start, when no request can be in flight.
    void recover_interrupted();

    /// One look-up of everything unconfirmed.
    boost::asio::awaitable<result<void>> confirm();

private:
    void settle(const assessment& lost, const std::vector<candidate>& found);

    environment& world_;
    bookkeeper& books_;
    intake& intake_;
};

} // namespace testdome_sync::sync
