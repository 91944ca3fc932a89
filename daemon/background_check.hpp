#pragma once

#include "config/settings.hpp"
#include "sync/ledger_check.hpp"

#include <boost/asio/io_context.hpp>

#include <future>
#include <memory>
#include <thread>

namespace testdome_sync::daemon {

/// Looks through a large ledger on a thread of its own while the daemon works. Damage is
/// thrown out of the loop as a ledger_error: nothing more is sent. Gone with the object.
class background_check {
public:
    background_check(boost::asio::io_context& loop, const config::ledger_settings& of);
    ~background_check();
    background_check(const background_check&) = delete;
    background_check& operator=(const background_check&) = delete;

private:
    void look_through(boost::asio::io_context& loop);

    std::unique_ptr<sync::ledger_check> check_; ///< null: there is nothing to do
    std::promise<void> done_;
    std::thread thread_;
};

} // namespace testdome_sync::daemon
