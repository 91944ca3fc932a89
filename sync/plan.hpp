#pragma once

#include "sync/environment.hpp"
#include "sync/failure.hpp"
#include "sync/inviter.hpp"
#include "sync/poller.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/array.hpp>

namespace testdome_sync::sync {

/// What the next cycle would do, as `plan` shows it. Runs the real poll and the real decisions; `world.ledger` must be
/// a copy, as what is decided is stored there.
boost::asio::awaitable<result<boost::json::array>> make_plan(environment& world, poller& poller, inviter& inviter);

} // namespace testdome_sync::sync
