#pragma once

#include "connectors/http/message.hpp"
#include "tests/storm/chronicle.hpp"
#include "tests/support/dice.hpp"
#include "tests/support/virtual_time.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace testdome_sync::testing {

/// The network of one life: now and then a fault, and fronts in which one kind of fault is frequent.
class weather {
public:
    weather(dice chances, virtual_clock& clock, chronicle& events, std::chrono::seconds until);

    fault decide(const http::request& order);

private:
    struct front {
        sync::monotonic_time begin;
        sync::monotonic_time end;
        fault kind;
        double frequency;
        std::string where; ///< part of the URLs that it meets
    };
    fault raw_decision(const http::request& order);

    dice dice_;
    virtual_clock& clock_;
    chronicle& events_;
    sync::monotonic_time end_;
    double background_;
    std::vector<front> fronts_;
};

} // namespace testdome_sync::testing
