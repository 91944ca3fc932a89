#pragma once

#include "sync/clock.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace testdome_sync::listener {

/// Passes on "look now", later and not too often: a hundred callers in a row make one look at once and one after
/// `between`. None is lost: what comes while the next look is due is part of it. One thread.
class nudges {
public:
    /// @param act  what to do; called from the loop, never from within `add`
    nudges(boost::asio::any_io_executor loop, std::chrono::milliseconds between,
           std::function<void(const std::string& whom)> act);
    ~nudges();
    nudges(const nudges&) = delete;
    nudges& operator=(const nudges&) = delete;

    void add(const std::string& whom);

private:
    struct implementation;
    std::unique_ptr<implementation> implementation_;
};

} // namespace testdome_sync::listener
