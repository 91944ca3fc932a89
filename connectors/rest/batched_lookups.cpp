#include "connectors/rest/batched_lookups.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <utility>

namespace testdome_sync::rest {
namespace asio = boost::asio;
namespace json = boost::json;
using sync::errc;

struct batched_lookups::question {
    explicit question(const asio::any_io_executor& executor) : answered(executor, asio::steady_timer::time_point::max())
    {
    }

    json::array ids;
    std::optional<answer> told;
    asio::steady_timer answered; ///< never runs out: those who joined wait here
};

namespace {

/// What may be the fault of one id among many.
bool may_be_about_one(const sync::failure& why)
{
    return why.code == errc::refused || why.code == errc::not_found || why.code == errc::malformed;
}

} // namespace

asio::awaitable<sync::result<json::array>> batched_lookups::rows_of(const lookup_description& wanted, json::value id,
                                                                    json::object common,
                                                                    std::optional<sync::monotonic_time> leave_by)
{
    bool was_alone = false;
    auto told = co_await ask_together(wanted, id, common, leave_by, was_alone);
    if (!told && !was_alone && may_be_about_one(told.error())) {
        json::array only;
        only.push_back(id);
        told = co_await ask(wanted, std::move(only), std::move(common), leave_by);
    }
    if (!told)
        co_return told.error();
    const auto& rows = **told;
    const auto found = rows.find(plain_text(id));
    if (found == rows.end())
        co_return json::array{};
    co_return json::array(found->second.begin(), found->second.end());
}

asio::awaitable<batched_lookups::answer> batched_lookups::ask_together(const lookup_description& wanted, json::value id,
                                                                       json::object common,
                                                                       std::optional<sync::monotonic_time> leave_by,
                                                                       bool& was_alone)
{
    const auto executor = co_await asio::this_coro::executor;
    if (const auto open = open_->find(&wanted); open != open_->end() && open->second->ids.size() < wanted.batch->most) {
        const auto joined = open->second;
        joined->ids.push_back(std::move(id));
        boost::system::error_code canceled_or_answered;
        co_await joined->answered.async_wait(asio::redirect_error(asio::use_awaitable, canceled_or_answered));
        if (!joined->told)
            throw boost::system::system_error(asio::error::operation_aborted);
        co_return *joined->told;
    }
    const auto made = std::make_shared<question>(executor);
    (*open_)[&wanted] = made;
    const auto close = [open = open_, made, key = &wanted] {
        if (const auto found = open->find(key); found != open->end() && found->second == made)
            open->erase(found);
    };
    // However this ends, nobody waits any longer.
    const std::shared_ptr<void> end(nullptr, [made, close](void*) {
        close();
        if (!made->told)
            made->told = sync::failure{errc::not_sent, "a look-up for several write-backs was broken off"};
        made->answered.cancel();
    });
    made->ids.push_back(std::move(id));
    co_await asio::post(executor, asio::use_awaitable); // until all who are to be asked for in this turn have joined
    close();
    was_alone = made->ids.size() == 1;
    made->told = co_await ask(wanted, made->ids, std::move(common), leave_by);
    co_return *made->told;
}

asio::awaitable<batched_lookups::answer> batched_lookups::ask(const lookup_description& wanted, json::array ids,
                                                              json::object common,
                                                              std::optional<sync::monotonic_time> leave_by)
{
    auto only_id = ids.size() == 1 ? plain_text(ids.front()) : std::string{};
    common["ids"] = std::move(ids);
    auto order = rendered(*wanted.request, hr_system_.described(), common);
    if (!order)
        co_return order.error();
    order->request.leave_by = leave_by;
    const row_description rows{wanted.batch->records, wanted.batch->key};
    auto read = co_await read_keyed_rows(hr_system_, std::move(*order), wanted.paging, rows, std::move(only_id));
    if (!read)
        co_return read.error();
    co_return std::make_shared<const keyed_rows>(std::move(*read));
}

} // namespace testdome_sync::rest
