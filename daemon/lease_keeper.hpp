#pragma once

#include "daemon/service.hpp"

#include <boost/asio/awaitable.hpp>

namespace testdome_sync::daemon {

/// Lets `work` live, and meanwhile renews the lease on a ledger that several machines share, sees to it that each does
/// its parts, and carries out what people at any of them ask for. Throws what the work throws, or ledger_error once the
/// lease is lost or the ledger does not answer: then the work is broken off first, as by a crash that the ledger is
/// made for. For a ledger that is a file it is the work alone. `asked` may be null: then nobody's requests are taken.
boost::asio::awaitable<void> work_under_lease(boost::asio::awaitable<void> work, foundation& base, service* asked);

} // namespace testdome_sync::daemon
