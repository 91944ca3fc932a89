#include "connectors/testdome/client.hpp"

#include "connectors/http/oauth.hpp"
#include "connectors/testdome/account.hpp"
#include "connectors/testdome/wire.hpp"
#include "sync/application.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>

#include <algorithm>
#include <set>

namespace testdome_sync::testdome {
namespace asio = boost::asio;
namespace json = boost::json;
using http::effect;
using sync::errc;
using sync::result;

namespace {

constexpr std::int64_t page_size = 100;       ///< `$top` takes 1 to 100
constexpr int pages_limit = 10'000;           ///< a million rows: beyond that a list doesn't end
constexpr std::size_t tests_in_one_url = 200; ///< keeps the query below 6,000 characters
constexpr std::string_view unfinished_filter = "&$filter%5Bstatus%5D=sendingInvitation&$filter%5Bstatus%5D=invited"
                                               "&$filter%5Bstatus%5D=started&$filter%5Bstatus%5D=paused";
constexpr std::string_view finished_filter = "&$filter%5Bstatus%5D=completed&$filter%5Bstatus%5D=didNotTake"
                                             "&$filter%5Bstatus%5D=canceled";

std::string tests_filter(const std::vector<std::int64_t>& tests, std::size_t begin)
{
    std::string filter;
    for (std::size_t i = begin; i < std::min(begin + tests_in_one_url, tests.size()); ++i)
        filter += "&$filter%5Btests%5D=" + std::to_string(tests[i]);
    return filter;
}

class testdome_client final : public sync::test_platform {
public:
    testdome_client(const config::testdome_settings& settings, http::transport& network, sync::clock& clock,
                    sync::random_source& random, sync::event_sink& events)
        : settings_(settings), base_(base_of(settings.url)), clock_(clock),
          service_(network, clock, random, events, signer_for(settings, network, clock, random, events),
                   options_of(settings))
    {
    }

    bool holds_back() const override { return service_.breaker().open; }
    std::size_t batch_size() const override { return static_cast<std::size_t>(settings_.batch_size); }
    asio::awaitable<result<std::vector<sync::test>>> tests() override;
    asio::awaitable<result<sync::invitation_answer>> invite(sync::invitation_batch order) override;
    asio::awaitable<result<std::vector<sync::candidate>>> find(std::int64_t test_id,
                                                               std::vector<std::string> emails) override;
    asio::awaitable<result<std::vector<sync::candidate>>> unfinished(std::vector<std::int64_t> test_ids) override;
    asio::awaitable<result<std::vector<sync::candidate>>> candidates(std::vector<std::int64_t> test_ids,
                                                                     std::vector<std::int64_t> ids) override;
    asio::awaitable<result<void>> cancel(std::int64_t candidate_id) override;
    asio::awaitable<result<void>> extend(std::int64_t test_id, std::vector<std::int64_t> candidate_ids,
                                         sync::wall_time deadline) override;
    asio::awaitable<result<std::string>> sharing_url(std::int64_t candidate_id) override;
    asio::awaitable<result<void>> check() override;

private:
    using rows = std::vector<sync::candidate>;

    http::request get(const std::string& path) const;
    http::request change_of(std::string method, const std::string& path, std::string body) const;
    asio::awaitable<result<http::response>> change(http::request order);
    sync::failure said_no(const http::request& sent, const http::response& answer, effect kind) const;
    asio::awaitable<result<page>> read_page(std::string path, std::int64_t skip);
    /// Reads from `first` (page 0, already read) to the end; each id once.
    asio::awaitable<result<rows>> read_rest(std::string path, page first);
    asio::awaitable<result<rows>> read_all(std::string path);
    asio::awaitable<result<std::optional<sync::candidate>>> candidate_by_id(std::int64_t id);
    asio::awaitable<result<rows>> find_each(std::int64_t test_id, std::vector<std::string> emails);
    asio::awaitable<result<rows>> finished_if_cheaper(std::vector<std::int64_t> test_ids, std::size_t wanted);

    config::testdome_settings settings_;
    std::string base_;
    sync::clock& clock_;
    http::service service_;
};

http::request testdome_client::get(const std::string& path) const
{
    http::request order;
    order.url = base_ + path;
    order.headers.set("Accept", "application/json");
    order.follow = http::redirects::same_origin;
    order.deadline = settings_.request_timeout;
    return order;
}

http::request testdome_client::change_of(std::string method, const std::string& path, std::string body) const
{
    auto order = get(path);
    order.method = std::move(method);
    order.follow = http::redirects::refuse;
    if (!body.empty())
        order.headers.set("Content-Type", "application/json");
    order.body = std::move(body);
    return order;
}

sync::failure testdome_client::said_no(const http::request& sent, const http::response& answer, effect kind) const
{
    auto failure = http::failure_of(sent, answer, kind);
    if (const auto codes = error_codes(answer.body); !codes.empty())
        failure.detail += " (" + sync::printable(codes, 80) + ")";
    if (answer.status == 402) // nothing to pay with: it is the account, not the person
        failure.code = errc::denied;
    return failure;
}

asio::awaitable<result<page>> testdome_client::read_page(std::string path, std::int64_t skip)
{
    const char joint = path.find('?') == std::string::npos ? '?' : '&';
    auto order = get(path + joint + "$top=" + std::to_string(page_size) + "&$skip=" + std::to_string(skip));
    const auto sent = order;
    auto answer = co_await service_.call(std::move(order), effect::reads);
    if (!answer)
        co_return answer.error();
    if (answer->status != 200)
        co_return said_no(sent, *answer, effect::reads);
    auto read = page_from(answer->body, skip, page_size);
    if (!read)
        co_return sync::failure{errc::malformed, http::printable(sent) + ": the answer is not a list as documented"};
    co_return std::move(*read);
}

asio::awaitable<result<testdome_client::rows>> testdome_client::read_rest(std::string path, page current)
{
    rows all;
    std::set<std::int64_t> seen;
    std::int64_t skip = 0;
    for (int count = 0; count < pages_limit; ++count) {
        for (const auto& row : current.rows()) {
            auto candidate = candidate_from(current.shared(row));
            if (!candidate)
                co_return sync::failure{errc::malformed,
                                        "GET " + http::printable_url(base_ + path) + ": a candidate has no id"};
            if (seen.insert(candidate->id).second)
                all.push_back(std::move(*candidate));
        }
        if (!current.has_more)
            co_return all;
        skip += static_cast<std::int64_t>(current.rows().size());
        auto next = co_await read_page(path, skip);
        if (!next)
            co_return next.error();
        current = std::move(*next);
    }
    co_return sync::failure{errc::malformed, "GET " + http::printable_url(base_ + path) + ": the list does not end"};
}

asio::awaitable<result<testdome_client::rows>> testdome_client::read_all(std::string path)
{
    auto first = co_await read_page(path, 0);
    if (!first)
        co_return first.error();
    co_return co_await read_rest(std::move(path), std::move(*first));
}

asio::awaitable<result<std::vector<sync::test>>> testdome_client::tests()
{
    std::vector<sync::test> all;
    std::set<std::int64_t> seen;
    std::int64_t skip = 0;
    for (int count = 0; count < pages_limit; ++count) {
        auto read = co_await read_page("/tests", skip);
        if (!read)
            co_return read.error();
        for (const auto& row : read->rows())
            if (auto test = test_from(row); test && seen.insert(test->id).second)
                all.push_back(std::move(*test));
        if (!read->has_more)
            co_return all;
        skip += static_cast<std::int64_t>(read->rows().size());
    }
    co_return sync::failure{errc::malformed, "GET " + base_ + "/tests: the list does not end"};
}

asio::awaitable<result<sync::invitation_answer>> testdome_client::invite(sync::invitation_batch batch)
{
    json::array emails;
    for (const auto& email : batch.emails)
        emails.emplace_back(email);
    const json::object body{{"emails", std::move(emails)},
                            {"deadline", sync::to_text(batch.deadline)},
                            {"body", batch.message},
                            {"replyTo", batch.reply_to},
                            {"proctoringEnabled", batch.proctoring}};
    auto order = change_of("POST", "/tests/" + std::to_string(batch.test_id) + "/candidates/invite-via-email",
                           json::serialize(body));
    order.leave_by = clock_.now() + std::chrono::milliseconds{settings_.settle} /
                                        2; // whoever takes over waits as long as the settle window
    const auto sent = order;
    auto answer = co_await service_.call(std::move(order), effect::changes);
    if (!answer)
        co_return answer.error();
    if (answer->status < 200 || answer->status > 299) {
        auto failure = said_no(sent, *answer, effect::changes);
        // The test or the address is wrong: a person must look, asking again won't help.
        if (failure.code == errc::not_found)
            failure.code = errc::refused;
        co_return failure;
    }
    const auto read = invite_answer_from(answer->body);
    if (!read)
        co_return sync::failure{errc::outcome_unknown, http::printable(sent) + ": answered " +
                                                           std::to_string(answer->status) + ", but not as documented"};
    sync::invitation_answer done;
    done.refused = read->failed_emails;
    for (const auto* header : {"X-TestDome-CorrelationId", "X-Correlation-Id", "X-Request-Id"})
        if (const auto id = answer->headers.find(header); id && done.correlation_id.empty())
            done.correlation_id = sync::printable(*id, 64);
    co_return done;
}

asio::awaitable<result<testdome_client::rows>> testdome_client::find_each(std::int64_t test_id,
                                                                          std::vector<std::string> emails)
{
    rows all;
    for (const auto& email : emails) {
        auto found = co_await read_all("/tests/" + std::to_string(test_id) +
                                       "/candidates?$filter%5Bterm%5D=" + http::percent_encoded(email));
        if (!found)
            co_return found.error();
        for (auto& candidate : *found) // `term` matches names and parts of addresses too
            if (candidate.email == email)
                all.push_back(std::move(candidate));
    }
    co_return all;
}

asio::awaitable<result<testdome_client::rows>> testdome_client::find(std::int64_t test_id,
                                                                     std::vector<std::string> emails)
{
    result<rows> found = rows{};
    if (emails.size() <= 1) {
        found = co_await find_each(test_id, std::move(emails));
    } else {
        const auto path = "/tests/" + std::to_string(test_id) + "/candidates";
        auto first = co_await read_page(path, 0);
        if (!first)
            co_return first.error();
        const auto pages_left = first->has_more ? (first->total.value_or(page_size * 2) - 1) / page_size : 0;
        if (pages_left > static_cast<std::int64_t>(emails.size())) {
            found = co_await find_each(test_id, std::move(emails));
        } else {
            const std::set<std::string> wanted(emails.begin(), emails.end());
            found = co_await read_rest(path, std::move(*first));
            if (found)
                std::erase_if(*found, [&](const sync::candidate& one) { return !wanted.contains(one.email); });
        }
    }
    if (found)
        for (auto& candidate : *found)
            candidate.test_id = test_id;
    co_return found;
}

asio::awaitable<result<std::vector<sync::candidate>>> testdome_client::unfinished(std::vector<std::int64_t> test_ids)
{
    rows all;
    for (std::size_t begin = 0; begin < test_ids.size(); begin += tests_in_one_url) {
        auto read = co_await read_all("/candidates?$expand=test" + tests_filter(test_ids, begin) +
                                      std::string(unfinished_filter));
        if (!read)
            co_return read.error();
        if (all.empty())
            all.swap(*read);
        std::ranges::move(*read, std::back_inserter(all));
    }
    co_return all;
}

asio::awaitable<result<std::optional<sync::candidate>>> testdome_client::candidate_by_id(std::int64_t id)
{
    auto order = get("/candidates/" + std::to_string(id) + "?$expand=test&$expand=activities");
    const auto sent = order;
    auto answer = co_await service_.call(std::move(order), effect::reads);
    if (!answer)
        co_return answer.error();
    if (answer->status == 404 || answer->status == 410)
        co_return std::optional<sync::candidate>{};
    if (answer->status != 200)
        co_return said_no(sent, *answer, effect::reads);
    auto body = json_from(answer->body);
    auto candidate = body ? candidate_from(std::make_shared<const boost::json::value>(std::move(*body))) : std::nullopt;
    if (!candidate || candidate->id != id)
        co_return sync::failure{errc::malformed,
                                http::printable(sent) + ": the answer is not a candidate as documented"};
    co_return candidate;
}

/// The finished candidates of these tests if listing them takes fewer requests than asking for `wanted` by id; else
/// none.
asio::awaitable<result<testdome_client::rows>> testdome_client::finished_if_cheaper(std::vector<std::int64_t> test_ids,
                                                                                    std::size_t wanted)
{
    constexpr std::size_t worth_a_list = 3;
    if (wanted < worth_a_list || test_ids.size() > tests_in_one_url)
        co_return rows{};
    const auto path =
        "/candidates?$expand=test&$expand=activities" + tests_filter(test_ids, 0) + std::string(finished_filter);
    auto first = co_await read_page(path, 0);
    if (!first)
        co_return first.error();
    const auto pages_left = first->has_more ? (first->total.value_or(page_size * 2) - 1) / page_size : 0;
    if (pages_left >= static_cast<std::int64_t>(wanted))
        first->has_more = false; // the first page is read anyway: whoever is on it need not be asked for
    co_return co_await read_rest(path, std::move(*first));
}

asio::awaitable<result<std::vector<sync::candidate>>> testdome_client::candidates(std::vector<std::int64_t> test_ids,
                                                                                  std::vector<std::int64_t> ids)
{
    std::set<std::int64_t> wanted(ids.begin(), ids.end());
    auto listed = co_await finished_if_cheaper(std::move(test_ids), wanted.size());
    if (!listed)
        co_return listed.error();
    rows all;
    for (auto& candidate : *listed)
        if (wanted.erase(candidate.id) > 0)
            all.push_back(std::move(candidate));
    for (const auto id : wanted) {
        auto one = co_await candidate_by_id(id);
        if (!one)
            co_return one.error();
        if (*one)
            all.push_back(std::move(**one));
    }
    co_return all;
}

asio::awaitable<result<void>> testdome_client::cancel(std::int64_t candidate_id)
{
    const auto done =
        co_await change(change_of("POST", "/candidates/" + std::to_string(candidate_id) + "/cancel-invite", {}));
    co_return done ? result<void>{} : done.error();
}

asio::awaitable<result<void>> testdome_client::extend(std::int64_t test_id, std::vector<std::int64_t> candidate_ids,
                                                      sync::wall_time deadline)
{
    const json::object body{{"candidateIds", json::value_from(candidate_ids)},
                            {"newDeadline", sync::to_text(deadline)}};
    auto order = change_of("PUT", "/tests/" + std::to_string(test_id) + "/candidates/deadline", json::serialize(body));
    const auto done = co_await change(std::move(order));
    co_return done ? result<void>{} : done.error();
}

/// A request with an effect; an answer says that it was carried out.
asio::awaitable<result<http::response>> testdome_client::change(http::request order)
{
    const auto sent = order;
    auto answer = co_await service_.call(std::move(order), effect::changes);
    if (answer && (answer->status < 200 || answer->status > 299))
        co_return said_no(sent, *answer, effect::changes);
    co_return answer;
}

asio::awaitable<result<std::string>> testdome_client::sharing_url(std::int64_t candidate_id)
{
    auto order = change_of("POST", "/candidates/" + std::to_string(candidate_id) + "/sharing-url", {});
    const auto sent = order;
    const auto answer = co_await change(std::move(order));
    if (!answer)
        co_return answer.error();
    const auto body = json_from(answer->body);
    const auto* url = body && body->is_object() ? body->as_object().if_contains("shareUrl") : nullptr;
    if (!url || !url->is_string())
        co_return sync::failure{errc::refused, http::printable(sent) + ": the answer holds no shareUrl"};
    co_return std::string(url->as_string());
}

asio::awaitable<result<void>> testdome_client::check()
{
    auto order = get("/accounts/current/plan");
    const auto sent = order;
    auto answer = co_await service_.call(std::move(order), effect::reads);
    if (!answer)
        co_return answer.error();
    if (answer->status != 200)
        co_return said_no(sent, *answer, effect::reads);
    co_return result<void>{};
}

} // namespace

std::unique_ptr<sync::test_platform> create_client(const config::testdome_settings& settings, http::transport& network,
                                                   sync::clock& clock, sync::random_source& random,
                                                   sync::event_sink& events)
{
    return std::make_unique<testdome_client>(settings, network, clock, random, events);
}

} // namespace testdome_sync::testdome
