#include "connectors/http/client.hpp"

#include "connectors/http/connection.hpp"
#include "connectors/http/pool.hpp"
#include "connectors/http/url.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <cstdlib>
#include <functional>
#include <stdexcept>

namespace testdome_sync::http {
namespace asio = boost::asio;

namespace {

constexpr int redirects_limit = 5;

std::string environment(const char* upper, const char* lower)
{
    const char* value = std::getenv(upper);
    if (!value)
        value = std::getenv(lower);
    return value ? value : "";
}

bool has_line_break(const request& order)
{
    const auto breaks = [](const std::string& text) {
        return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos;
    };
    bool found = breaks(order.method) || breaks(order.url) || order.method.empty();
    for (const auto& [name, value] : order.headers.list())
        found = found || breaks(name) || breaks(value) || name.empty();
    return found;
}

/// The limit of one whole exchange. Owned by the timer's handler too, as that may run after the exchange has ended.
struct watch {
    explicit watch(const asio::any_io_executor& executor) : timer(executor) {}
    asio::steady_timer timer;
    std::function<void()> abort; ///< ends whatever the exchange waits for at the moment
    bool expired = false;
};

std::shared_ptr<watch> start_watch(const asio::any_io_executor& executor, std::chrono::milliseconds limit)
{
    auto started = std::make_shared<watch>(executor);
    started->timer.expires_after(limit);
    started->timer.async_wait([started](const boost::system::error_code& error) {
        if (error)
            return;
        started->expired = true;
        if (started->abort)
            started->abort();
    });
    return started;
}

class client final : public transport {
public:
    client(asio::any_io_executor executor, client_options options)
        : executor_(std::move(executor)), options_(std::move(options)),
          context_(create_connector_context({options_.ca_file, options_.crl_file})),
          pool_(executor_, options_.connections_per_host, options_.idle_limit)
    {
        if (!options_.proxy.empty()) {
            proxy_ = parse_proxy(options_.proxy);
            if (!proxy_)
                throw std::runtime_error("the proxy in HTTPS_PROXY is not written as http://HOST:PORT");
        }
    }

    asio::awaitable<result<response>> send(request order) override;

private:
    asio::awaitable<result<response>> send_to(const request& order, const location& to, watch& limit);
    asio::awaitable<result<response>> try_connection(const request& order, const location& to, watch& limit,
                                                     bool fresh_only, bool& was_kept);
    asio::awaitable<result<response>> follow(request order, response answer, watch& limit);
    failure ended(const request& order, const watch& limit, asio::cancellation_type canceled, failure otherwise) const;

    asio::any_io_executor executor_;
    client_options options_;
    std::shared_ptr<connector_context> context_;
    std::optional<proxy_address> proxy_;
    connection_pool pool_;
};

/// What ended it decides what is told: the limit, the caller, or the network.
failure client::ended(const request& order, const watch& limit, asio::cancellation_type canceled,
                      failure otherwise) const
{
    if (limit.expired) {
        const std::string where = otherwise.code == errc::tls_failed       ? " (the TLS handshake did not end)"
                                  : otherwise.code == errc::connect_failed ? " (no connection was made)"
                                                                           : "";
        return {errc::timed_out,
                printable(order) + ": no answer within " + std::to_string(order.deadline.count() / 1000) + " s" + where,
                otherwise.may_have_been_carried_out};
    }
    if (canceled != asio::cancellation_type::none)
        return {errc::canceled, printable(order) + ": given up", otherwise.may_have_been_carried_out};
    return otherwise;
}

asio::awaitable<result<response>> client::send(request order)
{
    // A canceled caller must still learn what was sent: so nothing here throws for it.
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto to = parse_url(order.url);
    if (!to || has_line_break(order))
        co_return failure{errc::invalid_url, printable(order) + ": this URL, method or header can't be used"};
    const auto limit = start_watch(executor_, order.deadline);
    auto answer = co_await send_to(order, *to, *limit);
    if (answer && order.follow == redirects::same_origin && order.method == "GET")
        answer = co_await follow(order, std::move(*answer), *limit);
    limit->timer.cancel();
    limit->abort = nullptr;
    co_return answer;
}

asio::awaitable<result<response>> client::follow(request order, response answer, watch& limit)
{
    for (int count = 0; answer.status >= 301 && answer.status <= 308 && answer.status != 304; ++count) {
        const auto reference = answer.headers.find("Location");
        const auto target = reference ? resolved_url(order.url, *reference) : std::nullopt;
        const auto to = target ? parse_url(*target) : std::nullopt;
        if (!to || to->origin() != parse_url(order.url)->origin())
            co_return answer; // never with the credentials to somebody else
        if (count == redirects_limit)
            co_return failure{errc::too_many_redirects,
                              printable(order) + ": more than " + std::to_string(redirects_limit) + " redirects", true};
        order.url = *target;
        auto next = co_await send_to(order, *to, limit);
        if (!next)
            co_return next.error();
        answer = std::move(*next);
    }
    co_return answer;
}

asio::awaitable<result<response>> client::send_to(const request& order, const location& to, watch& limit)
{
    bool was_kept = false;
    auto answer = co_await try_connection(order, to, limit, false, was_kept);
    const bool closed_meanwhile = !answer && was_kept && order.repeat == repetition::safe &&
                                  answer.error().code != errc::timed_out && answer.error().code != errc::canceled;
    if (closed_meanwhile)
        answer = co_await try_connection(order, to, limit, true, was_kept);
    co_return answer;
}

asio::awaitable<result<response>> client::try_connection(const request& order, const location& to, watch& limit,
                                                         bool fresh_only, bool& was_kept)
{
    was_kept = false;
    const auto slot =
        co_await pool_.acquire(to.origin(), [&](std::function<void()> abort) { limit.abort = std::move(abort); });
    const auto canceled = [](const asio::cancellation_state& state) { return state.cancelled(); };
    if (!slot.taken())
        co_return ended(order, limit, canceled(co_await asio::this_coro::cancellation_state),
                        {errc::canceled, printable(order) + ": given up while waiting for a connection"});
    auto used = fresh_only ? nullptr : pool_.take_idle(to.origin());
    const bool kept = used != nullptr;
    if (!used) {
        auto current = with_current_lists(context_);
        if (!current)
            co_return failure{current.error().code, printable(order) + ": " + current.error().detail};
        context_ = std::move(*current);
        used = create_connection(executor_, context_, options_.user_agent);
    }
    limit.abort = [connection = used.get()] { connection->abort(); };
    if (limit.expired)
        used->abort();
    if (!kept) {
        const auto way = proxy_ && !bypasses_proxy(to.host, options_.no_proxy) ? proxy_ : std::nullopt;
        auto opened = co_await used->open(to, way);
        if (!opened) {
            limit.abort = nullptr;
            auto why = opened.error();
            why.detail = printable(order) + ": " + why.detail;
            co_return ended(order, limit, canceled(co_await asio::this_coro::cancellation_state), std::move(why));
        }
    }
    auto answer = co_await used->exchange(order, to);
    limit.abort = nullptr;
    if (answer) {
        if (used->reusable())
            pool_.keep(to.origin(), std::move(used));
        co_return answer;
    }
    was_kept = kept && used->answered_nothing();
    co_return ended(order, limit, canceled(co_await asio::this_coro::cancellation_state), answer.error());
}

} // namespace

void read_proxy_environment(client_options& options)
{
    options.proxy = environment("HTTPS_PROXY", "https_proxy");
    options.no_proxy = environment("NO_PROXY", "no_proxy");
}

std::unique_ptr<transport> create_client(asio::any_io_executor executor, client_options options)
{
    return std::make_unique<client>(std::move(executor), std::move(options));
}

} // namespace testdome_sync::http
