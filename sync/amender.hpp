#pragma once

#include "sync/bookkeeper.hpp"
#include "sync/environment.hpp"
#include "sync/failure.hpp"

#include <boost/asio/awaitable.hpp>

namespace testdome_sync::sync {

/// Changes at TestDome what is invited already, as a rule or a person wants it. What is wanted stands in the ledger
/// until TestDome has answered, so that it survives a crash; asking again does no harm.
class amender {
public:
    amender(environment& world, bookkeeper& books) : world_(world), books_(books) {}

    /// Withdraws the invitations that aren't wanted any more and that aren't started.
    boost::asio::awaitable<result<void>> withdraw();

    /// Tells the later deadlines that a person wants.
    boost::asio::awaitable<result<void>> extend();

private:
    void settle(const wanted_extension& told, const result<void>& answer);

    environment& world_;
    bookkeeper& books_;
};

} // namespace testdome_sync::sync
