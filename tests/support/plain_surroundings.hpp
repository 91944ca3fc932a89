#pragma once

#include "connectors/surroundings.hpp"
#include "tests/support/recorded_events.hpp"
#include "tests/support/scripted_transport.hpp"
#include "tests/support/virtual_time.hpp"

#include <stdexcept>

namespace testdome_sync::testing {

/// One thread, virtual time, no network: workers' tasks are carried out between other things on the loop.
class plain_surroundings final : public connectors::surroundings {
public:
    virtual_clock& clock() override { return clock_; }
    sync::random_source& random() override { return random_; }
    recorded_events& events() override { return events_; }
    http::transport& network(const std::string&, const std::string&) override { return network_; }
    sync::token_store& tokens() override { throw std::logic_error("no sign-in is expected"); }
    http::shared_access& shared_access() override { throw std::logic_error("no sign-in is expected"); }
    exec::program_launcher& programs() override { throw std::logic_error("no program is expected"); }
    boost::asio::any_io_executor event_loop() override { return clock_.context().get_executor(); }
    boost::asio::any_io_executor new_worker() override { return event_loop(); }

private:
    virtual_clock clock_;
    seeded_random random_;
    recorded_events events_;
    scripted_transport network_;
};

} // namespace testdome_sync::testing
