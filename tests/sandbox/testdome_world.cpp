#include "tests/sandbox/testdome_world.hpp"

#include "tests/sandbox/object_text.hpp"

#include <algorithm>
#include <array>

namespace testdome_sync::sandbox {
namespace json = boost::json;
namespace {

const std::vector<std::string> list_parameters{"$top",
                                               "$skip",
                                               "$expand",
                                               "$select",
                                               "$sort",
                                               "$filter[archived]",
                                               "$filter[notified]",
                                               "$filter[status]",
                                               "$filter[term]",
                                               "$filter[tests]",
                                               "$filter[minScore]",
                                               "$filter[maxScore]"};

constexpr long long first_candidate = 500'001; ///< its id; each next one's is the next number

json::object error(const std::string& code, const std::string& message)
{
    return {{"error", {{"code", code}, {"message", message}, {"innererror", {{"code", "Detail"}}}}}};
}

/// Something may still become of it by itself.
bool is_open(const testdome_world::candidate& one)
{
    return one.status != "canceled" && one.status != "didNotTake" && (one.status != "completed" || one.needs_scoring);
}

} // namespace

void testdome_world::add_test(long long id, std::string name, int cutoff_score)
{
    tests_.push_back({id, std::move(name), cutoff_score, false});
}

void testdome_world::invite_by_hand(long long test_id, const std::string& email, std::chrono::hours valid)
{
    add_candidate(test_id, email, now_() + valid);
    candidates_.back().by_hand = true;
    candidates_.back().invited_at -= std::chrono::hours{1}; // long enough ago to have finished
    schedule(candidates_.size() - 1);
}

void testdome_world::set_archived(long long test_id, bool archived)
{
    std::ranges::find(tests_, test_id, &test::id)->archived = archived;
}

void testdome_world::revise(const std::string& email, int score)
{
    let_time_pass();
    for (auto& one : candidates_)
        if (one.email == email && one.status == "completed" && !one.needs_scoring) {
            one.score = score;
            one.revised_at = now_();
            std::erase_if(rows_, [&](const auto& row) { return row.first.first == one.id; });
        }
}

void testdome_world::cancel_by_hand(const std::string& email)
{
    let_time_pass();
    for (auto& one : candidates_)
        if (one.email == email && one.status == "invited")
            one.status = "canceled";
}

int testdome_world::paid(const std::string& email) const
{
    return static_cast<int>(std::ranges::count(payments_, email, &payment::email));
}

int testdome_world::paid_in_all() const
{
    return static_cast<int>(payments_.size());
}

http::response testdome_world::violation(const std::string& what, int status)
{
    violations_.push_back(what);
    return sandbox::answer(status, error("BadArgument", what));
}

const testdome_world::test* testdome_world::find_test(const std::string& id) const
{
    const auto found = std::ranges::find_if(tests_, [&](const test& one) { return std::to_string(one.id) == id; });
    return found == tests_.end() ? nullptr : &*found;
}

void testdome_world::add_candidate(long long test_id, const std::string& email, wall_time deadline)
{
    const auto now = now_();
    const auto id = first_candidate + static_cast<long long>(candidates_.size());
    candidates_.push_back({id, test_id, email, "invited", now, deadline, now});
    candidates_.back().made_at = now;
    schedule(candidates_.size() - 1);
}

testdome_world::candidate* testdome_world::find_candidate(long long id)
{
    const auto place = id - first_candidate;
    const bool exists = place >= 0 && place < static_cast<long long>(candidates_.size());
    return exists ? &candidates_[static_cast<std::size_t>(place)] : nullptr;
}

http::response testdome_world::answer(const http::request& request, const std::string& prefix)
{
    ++requests_;
    const auto order = parse_incoming(request, prefix);
    if (order.path == "/token")
        return sign_in(order);
    if (!order.path.starts_with("/v3/"))
        return violation("unknown path " + order.path, 404);
    const auto signature = request.headers.find("Authorization").value_or("");
    const auto token = signature.starts_with("Bearer ") ? std::string(signature.substr(7)) : std::string{};
    const auto known = tokens_.find(token);
    if (known == tokens_.end() || known->second <= now_())
        return sandbox::answer(401, error("Unauthorized", "no valid token"));
    let_time_pass();
    auto path = order.segments();
    path.erase(path.begin());
    if (path == std::vector<std::string>{"accounts", "current", "plan"} && order.method == "GET")
        return sandbox::answer(200,
                               {{"isTrial", false}, {"isSubscription", true}, {"isPaymentSubscriptionActive", true}});
    if (path.front() == "tests" && path.size() == 1 && order.method == "GET")
        return tests_answer(order);
    if (path.front() == "tests" && path.size() > 1)
        return test_answer(order, path);
    if (path.front() == "candidates")
        return candidates_answer(order, path);
    return violation("unknown path " + order.path, 404);
}

http::response testdome_world::sign_in(const incoming& order)
{
    const auto field = [&](const char* name) {
        const auto found = order.form.find(name);
        return found == order.form.end() ? std::string{} : found->second;
    };
    const bool pair = field("grant_type") == "client_credentials" && field("client_id") == "sandbox" &&
                      field("client_secret") == "sandbox-secret";
    const bool password = field("grant_type") == "password" && field("username") == "hr@example.com" &&
                          field("password") == "api-password";
    if (order.method != "POST" || (!pair && !password))
        return sandbox::answer(400,
                               {{"error", "invalid_grant"}, {"error_description", "unknown client, user or password"}});
    const auto token = "testdome-token-" + std::to_string(++tokens_given_);
    tokens_[token] = now_() + token_life;
    return sandbox::answer(200, {{"token_type", "Bearer"},
                                 {"access_token", token},
                                 {"expires_in", token_life.count()},
                                 {"userName", "hr@example.com"}});
}

http::response testdome_world::page(const incoming& order, std::size_t count,
                                    const std::function<std::string(std::size_t)>& row)
{
    if (!order.only(list_parameters))
        return violation("a list parameter that isn't documented");
    const auto top = std::strtoll(order.one("$top").value_or("100").c_str(), nullptr, 10);
    const auto skip = std::strtoll(order.one("$skip").value_or("0").c_str(), nullptr, 10);
    if (top < 1 || top > 100 || skip < 0)
        return violation("$top or $skip out of range");
    const auto begin = std::min<std::size_t>(static_cast<std::size_t>(skip), count);
    const auto size = static_cast<std::size_t>(std::min(top, largest_page));
    const auto end = std::min<std::size_t>(begin + size, count);
    std::vector<std::string> rows;
    for (auto i = begin; i < end; ++i)
        rows.push_back(row(i));
    object_text answer;
    answer.number("top", top).number("skip", skip).number("totalCount", static_cast<long long>(count));
    answer.truth("hasMoreItems", end < count).json("_links", "{}").json("value", array_text(rows));
    return json_answer(200, answer.take());
}

http::response testdome_world::tests_answer(const incoming& order)
{
    return page(order, tests_.size(), [&](std::size_t i) {
        const auto& one = tests_[i];
        object_text row;
        row.number("id", one.id).text("name", one.name).truth("archived", one.archived);
        row.number("cutoffScore", one.cutoff_score).number("timeLimit", 3600).json("aNewMember", "[1,2,3]");
        return row.take();
    });
}

http::response testdome_world::test_answer(const incoming& order, const std::vector<std::string>& path)
{
    const auto* of = find_test(path[1]);
    if (!of)
        return sandbox::answer(404, error("NotFound", "no such test"));
    if (path.size() == 3 && path[2] == "candidates" && order.method == "GET")
        return candidates_page(order, of->id);
    if (path.size() == 4 && path[2] == "candidates" && path[3] == "invite-via-email" && order.method == "POST")
        return invite(order, *of);
    if (path.size() == 4 && path[2] == "candidates" && path[3] == "deadline" && order.method == "PUT")
        return extend(order, *of);
    return violation("unknown path " + order.path, 404);
}

http::response testdome_world::extend(const incoming& order, const test& of)
{
    const auto* body = order.body.if_object();
    const auto* ids = body && body->contains("candidateIds") ? body->at("candidateIds").if_array() : nullptr;
    const auto* deadline = body && body->contains("newDeadline") ? body->at("newDeadline").if_string() : nullptr;
    const auto when = deadline ? time_from_iso(std::string(*deadline)) : std::nullopt;
    if (!ids || !when)
        return violation("a deadline without candidateIds or newDeadline");
    std::vector<candidate*> extended;
    for (const auto& id : *ids) {
        auto* found = id.is_int64() ? find_candidate(id.get_int64()) : nullptr;
        if (!found || found->test_id != of.id)
            return sandbox::answer(404, error("NotFound", "no such candidate"));
        if (found->status != "invited" && found->status != "started")
            return sandbox::answer(400, error("InvalidState", "the test is over"));
        extended.push_back(found);
    }
    for (auto* one : extended)
        one->deadline = *when;
    schedule_all();
    return empty_answer(204);
}

http::response testdome_world::invite(const incoming& order, const test& of)
{
    ++invite_requests_;
    const auto* body = order.body.if_object();
    for (const auto* member : {"emails", "deadline", "body", "replyTo", "proctoringEnabled"})
        if (!body || !body->contains(member))
            return violation(std::string("an invitation without ") + member);
    const auto* deadline = body->at("deadline").if_string();
    const auto when = deadline ? time_from_iso(std::string(*deadline)) : std::nullopt;
    if (!body->at("emails").is_array() || !when || !body->at("body").is_string() || !body->at("replyTo").is_string() ||
        !body->at("proctoringEnabled").is_bool())
        return violation("an invitation with a member of the wrong type");
    if (of.archived)
        return sandbox::answer(400, error("InvalidState", "the test is archived"));
    const auto does = [&](const json::value& email) {
        const auto known = behaviors_.find(std::string(email.as_string()));
        return known == behaviors_.end() ? behavior::passes : known->second.first;
    };
    json::array failed;
    const auto& emails = body->at("emails").as_array();
    if (std::ranges::any_of(emails, [&](const auto& one) { return does(one) == behavior::breaks_batch; }))
        return sandbox::answer(400, error("BadArgument", "one of the addresses can't be used"));
    for (const auto& one : emails) {
        const std::string email(one.as_string());
        if (does(one) == behavior::is_refused) {
            failed.emplace_back(email);
            continue;
        }
        payments_.push_back({of.id, email, now_()});
        add_candidate(of.id, email, *when);
    }
    return sandbox::answer(200, {{"failedEmails", std::move(failed)}, {"message", nullptr}, {"result", json::array{}}});
}

http::response testdome_world::candidates_page(const incoming& order, std::optional<long long> test_id)
{
    const auto statuses = order.all("$filter[status]");
    const auto tests = order.all("$filter[tests]");
    const auto term = order.one("$filter[term]");
    const auto visible = now_() - listing_lag;
    std::vector<const candidate*> rows;
    for (auto one = candidates_.rbegin(); one != candidates_.rend();
         ++one) { // newest first: pages shift as people come
        const bool of_test = test_id ? one->test_id == *test_id
                                     : tests.empty() || std::ranges::count(tests, std::to_string(one->test_id)) > 0;
        const bool of_status = statuses.empty() || std::ranges::count(statuses, one->status) > 0;
        const bool of_term = !term || one->email.find(*term) != std::string::npos;
        if (of_test && of_status && of_term && one->invited_at <= visible && !hidden_.contains(one->email))
            rows.push_back(&*one);
    }
    return page(order, rows.size(),
                [&, expand = order.all("$expand")](std::size_t i) { return row(*rows[i], expand); });
}

std::string testdome_world::row(const candidate& of, const std::vector<std::string>& expand)
{
    if (is_open(of))
        return written_row(of, expand);
    auto& known = rows_[{of.id, expand}];
    if (known.empty())
        known = written_row(of, expand);
    return known;
}

std::string testdome_world::written_row(const candidate& of, const std::vector<std::string>& expand) const
{
    const auto* taken = find_test(std::to_string(of.test_id));
    const bool finished = of.status == "completed";
    object_text made;
    made.number("id", of.id).text("email", of.email);
    finished ? made.text("name", "Somebody") : made.null("name");
    made.text("status", of.status);
    finished ? made.number("score", of.score) : made.null("score");
    made.truth("passed", finished && !of.needs_scoring && of.score >= taken->cutoff_score).null("passedOverride");
    made.truth("needsScoring", of.needs_scoring).truth("possibleCheating", false).text("deadline", iso(of.deadline));
    made.number("timeTaken", finished ? 1800 : 0).truth("archived", false).null("anonymized");
    if (std::ranges::count(expand, "test") > 0)
        made.json("test", object_text().number("id", of.test_id).text("name", taken->name).take());
    if (std::ranges::count(expand, "activities") > 0)
        made.json("activities",
                  array_text(std::array{
                      object_text().text("date", iso(of.invited_at)).text("description", "Invited").take(),
                      object_text().text("date", iso(of.changed_at)).text("description", of.status).take()}));
    return made.take();
}

http::response testdome_world::candidates_answer(const incoming& order, const std::vector<std::string>& path)
{
    if (path.size() == 1 && order.method == "GET")
        return candidates_page(order, std::nullopt);
    if (path.size() < 2)
        return violation("unknown path " + order.path, 404);
    auto* found = find_candidate(std::strtoll(path[1].c_str(), nullptr, 10));
    if (!found || std::to_string(found->id) != path[1])
        return sandbox::answer(404, error("NotFound", "no such candidate"));
    if (path.size() == 2 && order.method == "GET")
        return json_answer(200, row(*found, order.all("$expand")));
    if (path.size() == 3 && path[2] == "sharing-url" && order.method == "POST")
        return sandbox::answer(200, {{"shareUrl", "https://app.testdome.com/shared/" + path[1]}});
    if (path.size() == 3 && path[2] == "cancel-invite" && order.method == "POST") {
        if (found->status != "invited")
            return sandbox::answer(400, error("InvalidState", "the test has been started"));
        found->status = "canceled";
        return empty_answer(204);
    }
    return violation("unknown path " + order.path, 404);
}

} // namespace testdome_sync::sandbox
