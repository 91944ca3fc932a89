#include "connectors/examples/script.hpp"

#include <algorithm>

namespace testdome_sync::examples {
namespace asio = boost::asio;

asio::awaitable<http::result<http::response>> script::send(http::request order)
{
    co_return reply(order);
}

bool script::is_sign_in(const http::request& order) const
{
    return std::ranges::any_of(of_.sign_in,
                               [&](const exchange& one) { return same_target(one, order, of_.context.base_url); });
}

http::result<http::response> script::end()
{
    ended_ = true;
    return http::failure{http::errc::canceled, "the example has nothing for this request", false};
}

const http::response& script::answered(const http::request& order, const exchange& by)
{
    played_.push_back({order, by.answer});
    return by.answer;
}

http::result<http::response> script::sign_in(const http::request& order)
{
    static const config::node nothing;
    config::problems of_first;
    for (const auto& one : of_.sign_in) {
        if (!same_target(one, order, of_.context.base_url))
            continue;
        config::problems differences;
        report_differences(one, order, {of_.context.base_url, nothing, nothing}, differences);
        if (differences.empty())
            return answered(order, one);
        if (of_first.empty())
            of_first = std::move(differences);
    }
    for (const auto& one : of_first.list())
        found_.add(one.where, one.message);
    return end();
}

http::result<http::response> script::reply(const http::request& order)
{
    if (ended_)
        return end();
    if (is_sign_in(order))
        return sign_in(order);
    targets_.push_back(order.method + ' ' + order.url.substr(0, order.url.find('?')));
    if (next_ >= of_.exchanges.size()) {
        found_.add(of_.end, "a request is sent that the example doesn't have: " + as_written(order, of_.context));
        return end();
    }
    const auto& expected = of_.exchanges[next_++];
    const auto before = found_.list().size();
    report_differences(expected, order, of_.context, found_);
    if (found_.list().size() > before)
        return end();
    const bool well = expected.answer.status >= 200 && expected.answer.status <= 299;
    if (order.repeat == http::repetition::never)
        changes_.push_back({next_ - 1, order, expected.carried_out.value_or(well)});
    if (lose_ == next_ - 1)
        return http::failure{http::errc::receive_failed, "the connection broke before the answer came", true};
    return answered(order, expected);
}

void script::report_unused() const
{
    if (ended_)
        return;
    for (auto i = next_; i < of_.exchanges.size(); ++i)
        found_.add(of_.exchanges[i].where, "this request is never sent");
}

asio::awaitable<void> script_clock::sleep_until(sync::monotonic_time when)
{
    if (when > now_) {
        wall_ += std::chrono::duration_cast<sync::wall_time::duration>(when - now_);
        now_ = when;
    }
    co_return;
}

} // namespace testdome_sync::examples
