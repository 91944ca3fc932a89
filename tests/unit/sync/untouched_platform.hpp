#pragma once

#include "sync/test_platform.hpp"

#include <stdexcept>
#include <string>
#include <vector>

namespace testdome_sync::sync {

/// The outbox never asks the test platform for anything.
struct untouched_platform final : test_platform {
    [[noreturn]] static void touched() { throw std::logic_error("the outbox has asked the test platform"); }
    boost::asio::awaitable<result<std::vector<test>>> tests() override { touched(); }
    boost::asio::awaitable<result<invitation_answer>> invite(invitation_batch) override { touched(); }
    std::size_t batch_size() const override { touched(); }
    boost::asio::awaitable<result<std::vector<candidate>>> find(std::int64_t, std::vector<std::string>) override
    {
        touched();
    }
    boost::asio::awaitable<result<std::vector<candidate>>> unfinished(std::vector<std::int64_t>) override { touched(); }
    boost::asio::awaitable<result<std::vector<candidate>>> candidates(std::vector<std::int64_t>,
                                                                      std::vector<std::int64_t>) override
    {
        touched();
    }
    boost::asio::awaitable<result<void>> cancel(std::int64_t) override { touched(); }
    boost::asio::awaitable<result<void>> extend(std::int64_t, std::vector<std::int64_t>, wall_time) override
    {
        touched();
    }
    boost::asio::awaitable<result<std::string>> sharing_url(std::int64_t) override { touched(); }
    bool holds_back() const override { touched(); }
    boost::asio::awaitable<result<void>> check() override { touched(); }
};

} // namespace testdome_sync::sync
