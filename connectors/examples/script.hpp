#pragma once

#include "connectors/examples/matching.hpp"
#include "connectors/examples/played_exchange.hpp"
#include "connectors/http/transport.hpp"
#include "sync/clock.hpp"
#include "sync/events.hpp"
#include "sync/token_store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace testdome_sync::examples {

/// A network that has the exchanges of one example and nothing else: each request is compared with the next of them,
/// in order, and gets its answer. The first request that differs, or that no exchange is left for, ends the example.
/// One thread; what it was made of must outlive it.
class script final : public http::transport {
public:
    struct parts {
        const std::vector<exchange>& sign_in; ///< answered as often as they are asked
        const std::vector<exchange>& exchanges;
        request_context context;
        config::position end; ///< where an exchange that is missing would have to be added
    };
    script(parts of, config::problems& found) : of_(std::move(of)), found_(found) {}

    boost::asio::awaitable<http::result<http::response>> send(http::request order) override;

    /// A request that changes something, as the other side's books would have it.
    struct change {
        std::size_t exchange; ///< its number
        http::request sent;
        bool accepted; ///< as the example says, or by its status
    };
    const std::vector<change>& changes() const { return changes_; }

    /// The connection breaks after this exchange's request was carried out, so that no answer comes.
    void lose_answer_to(std::size_t exchange) { lose_ = exchange; }

    /// Adds a problem for each exchange that was never asked for. `of` the first so many exchanges.
    void report_unused() const;

    /// Something was sent that is not in the example; the rest of it can't be judged.
    bool has_left_the_example() const { return ended_; }
    /// Every request that was answered, sign-ins included.
    const std::vector<played_exchange>& played() const { return played_; }
    /// Method and path of every request but sign-ins.
    const std::vector<std::string>& targets() const { return targets_; }

private:
    http::result<http::response> reply(const http::request& order);
    http::result<http::response> sign_in(const http::request& order);
    http::result<http::response> end();
    const http::response& answered(const http::request& order, const exchange& by);
    bool is_sign_in(const http::request& order) const;

    parts of_;
    config::problems& found_;
    std::size_t next_ = 0;
    std::vector<change> changes_;
    std::vector<played_exchange> played_;
    std::vector<std::string> targets_;
    std::optional<std::size_t> lose_;
    bool ended_ = false;
};

/// Time that passes only while somebody waits: at once.
class script_clock final : public sync::clock {
public:
    explicit script_clock(sync::wall_time start) : wall_(start) {}
    sync::monotonic_time now() const override { return now_; }
    sync::wall_time wall() const override { return wall_; }
    boost::asio::awaitable<void> sleep_until(sync::monotonic_time when) override;

private:
    sync::monotonic_time now_{std::chrono::hours{1}};
    sync::wall_time wall_;
};

/// Jitter is nothing that an example is about.
class no_jitter final : public sync::random_source {
public:
    double uniform() override { return 0.5; }
};

/// As the ledger of a running service: a refresh token that each sign-in replaces can be kept.
class kept_tokens final : public sync::token_store {
public:
    bool is_durable() const override { return true; }
    std::optional<sync::stored_token> find_token(const std::string& name) override
    {
        const auto found = tokens_.find(name);
        return found == tokens_.end() ? std::nullopt : std::optional(found->second);
    }
    void save_token(const std::string& name, const sync::stored_token& token) override { tokens_[name] = token; }

private:
    std::map<std::string, sync::stored_token> tokens_;
};

} // namespace testdome_sync::examples
