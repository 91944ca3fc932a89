#include "tests/sandbox/greenhouse_world.hpp"

#include "tests/sandbox/object_text.hpp"

#include <algorithm>
#include <span>

namespace testdome_sync::sandbox {
namespace json = boost::json;
namespace {

/// Base64 of `sandbox:sandbox-secret`.
constexpr std::string_view client = "Basic c2FuZGJveDpzYW5kYm94LXNlY3JldA==";

constexpr auto field_row = R"({"id":1,"name":"TestDome score","name_key":"testdome_score","value_type":"number"})";
constexpr auto reason_row = R"({"id":815,"name":"Lacking skills","type":"WE_REJECTED_THEM"})";
constexpr auto tag_row = R"({"id":55,"name":"TestDome passed"})";

const std::map<std::string, std::vector<std::string>> documented{
    {"applications",
     {"updated_at", "created_at", "last_activity_at", "per_page", "ids", "candidate_ids", "job_ids", "stage_ids",
      "stage_name", "status", "prospect", "fields"}},
    {"candidates", {"ids", "per_page", "fields", "email", "updated_at", "created_at"}},
    {"jobs", {"ids", "per_page", "fields", "status"}},
    {"job_interview_stages", {"job_ids", "active", "per_page", "ids"}},
    {"application_stages", {"application_ids", "current", "per_page"}},
    {"notes",
     {"ids", "application_ids", "candidate_ids", "user_ids", "type", "visibility", "created_at", "updated_at",
      "per_page", "fields"}},
    {"custom_fields", {"field_type", "active", "per_page"}},
    {"candidate_tags", {"per_page"}},
    {"rejection_reasons", {"include_defaults", "per_page"}},
};

} // namespace

long long greenhouse_world::add_job(std::string name, const std::vector<std::string>& stages)
{
    job made{next_id_++, std::move(name), {}};
    for (const auto& one : stages)
        made.stages.push_back({next_id_++, one});
    jobs_.push_back(std::move(made));
    return jobs_.back().id;
}

long long greenhouse_world::add_application(const person& who, long long job_id, const std::string& stage_name)
{
    const auto of = std::ranges::find(jobs_, job_id, &job::id);
    const auto at = std::ranges::find(of->stages, stage_name, &stage::name);
    json::object fields{{"shirt_size", "M"}};
    candidates_.push_back({next_id_++, who, std::move(fields), false});
    application made{};
    made.id = next_id_++;
    made.candidate = candidates_.size() - 1;
    made.job = job_id;
    made.stage = static_cast<std::size_t>(at - of->stages.begin());
    made.stage_row = next_id_++;
    made.status = "in_process";
    made.created_at = made.updated_at = now_();
    applications_.push_back(made);
    return made.id;
}

greenhouse_world::application* greenhouse_world::find(long long id)
{
    return with_id(applications_, id);
}

const greenhouse_world::application* greenhouse_world::find(long long id) const
{
    return with_id(applications_, id);
}

void greenhouse_world::set_prospect(long long id)
{
    find(id)->prospect = true;
}

void greenhouse_world::set_rejected(long long id)
{
    find(id)->status = "rejected";
    find(id)->updated_at = now_();
}

void greenhouse_world::set_email(long long id, const std::string& email)
{
    candidates_[find(id)->candidate].who.email = email;
}

void greenhouse_world::set_first_name(long long id, const std::string& name)
{
    candidates_[find(id)->candidate].who.first_name = name;
}

void greenhouse_world::touch(long long id)
{
    find(id)->updated_at = now_();
}

void greenhouse_world::merge_candidate(long long id, long long primary)
{
    const auto from = find(id)->candidate;
    const auto to = find(primary)->candidate;
    candidates_[from].merged = true;
    for (auto& one : notes_)
        if (one.candidate == candidates_[from].id)
            one.candidate = candidates_[to].id;
    for (auto& one : applications_) // also those that an earlier merge has brought
        if (one.candidate == from) {
            one.candidate = to;
            one.updated_at = now_(); // UNVERIFIED: that merging is a change of the application
        }
}

void greenhouse_world::remove_application(long long id)
{
    find(id)->removed = true;
}

void greenhouse_world::rename_stage(long long job_id, const std::string& from, const std::string& to)
{
    auto& stages = std::ranges::find(jobs_, job_id, &job::id)->stages;
    std::ranges::find(stages, from, &stage::name)->name = to;
}

greenhouse_world::application* greenhouse_world::find_existing(long long id)
{
    auto* found = find(id);
    return found && !found->removed ? found : nullptr;
}

std::vector<std::string> greenhouse_world::notes_of(long long id) const
{
    std::vector<std::string> bodies;
    for (const auto& one : notes_)
        if (one.application == id)
            bodies.push_back(one.body);
    return bodies;
}

std::map<long long, int> greenhouse_world::note_counts() const
{
    std::map<long long, int> counts;
    for (const auto& one : notes_)
        ++counts[one.application];
    return counts;
}

const greenhouse_world::job& greenhouse_world::job_of(const application& of) const
{
    return *std::ranges::find(jobs_, of.job, &job::id);
}

std::string greenhouse_world::stage_of(long long id) const
{
    const auto* of = find(id);
    return job_of(*of).stages[of->stage].name;
}

std::string greenhouse_world::status_of(long long id) const
{
    return find(id)->status;
}

json::value greenhouse_world::field_of(long long id, const std::string& key) const
{
    const auto& fields = candidates_[find(id)->candidate].fields;
    const auto* found = fields.if_contains(key);
    return found ? *found : json::value(nullptr);
}

std::string greenhouse_world::email_of(long long id) const
{
    return candidates_[find(id)->candidate].who.email;
}

wall_time greenhouse_world::created_at(long long id) const
{
    return find(id)->created_at;
}

std::vector<long long> greenhouse_world::applications() const
{
    std::vector<long long> ids;
    for (const auto& one : applications_)
        ids.push_back(one.id);
    return ids;
}

http::response greenhouse_world::violation(const std::string& what, int status)
{
    violations_.push_back(what);
    return sandbox::answer(status, {{"message", what}});
}

http::response greenhouse_world::answer(const http::request& request, const std::string& prefix)
{
    const auto order = parse_incoming(request, prefix);
    if (order.path == "/token")
        return sign_in(order);
    if (!order.path.starts_with("/v3/"))
        return violation("unknown path " + order.path, 404);
    const auto signature = request.headers.find("Authorization").value_or("");
    const auto token = signature.starts_with("Bearer ") ? std::string(signature.substr(7)) : std::string{};
    const auto known = tokens_.find(token);
    if (known == tokens_.end() || known->second <= now_())
        return sandbox::answer(401, {{"message", "Unauthorized"}});
    auto path = order.segments();
    path.erase(path.begin());
    if (order.method == "GET" && path.size() == 1)
        return get(order, path[0]);
    if (order.method == "POST")
        return post(order, path);
    if (order.method == "PATCH" && path.size() == 2 && path[0] == "candidates")
        return patch_candidate(order, path[1]);
    return violation("unknown call " + order.method + ' ' + order.path, 404);
}

http::response greenhouse_world::sign_in(const incoming& order)
{
    if (order.method != "POST" || order.original->headers.find("Authorization").value_or("") != client)
        return sandbox::answer(401, {{"error", "invalid_client"}});
    const auto grant = order.form.find("grant_type");
    if (grant == order.form.end() || grant->second != "client_credentials" || !order.query.empty())
        return violation("a token request as it is not documented", 400);
    const auto token = "greenhouse-token-" + std::to_string(++tokens_given_);
    tokens_[token] = now_() + token_life;
    auto end = iso(now_() + token_life);
    end.replace(19, std::string::npos, "+0000");
    return sandbox::answer(200, {{"access_token", token}, {"expires_at", end}});
}

http::response greenhouse_world::get(const incoming& order, const std::string& resource)
{
    if (const auto cursor = order.one("cursor"))
        return order.query.size() == 1 ? page_at(*cursor) : violation("`cursor` is not the only parameter");
    const auto allowed = documented.find(resource);
    if (allowed == documented.end())
        return violation("unknown resource " + resource, 404);
    if (!order.only(allowed->second))
        return violation("a parameter of " + resource + " that isn't documented");
    if (resource == "applications")
        return page(order, resource, applications_rows(order));
    if (resource == "candidates")
        return page(order, resource, candidates_rows(order));
    if (resource == "jobs")
        return page(order, resource, jobs_rows(order));
    if (resource == "job_interview_stages")
        return page(order, resource, stages_rows(order));
    if (resource == "application_stages")
        return page(order, resource, application_stages_rows(order));
    if (resource == "notes")
        return page(order, resource, notes_rows(order));
    if (resource == "custom_fields")
        return page(order, resource, {field_row});
    if (resource == "rejection_reasons")
        return page(order, resource, {reason_row});
    return page(order, resource, {tag_row});
}

http::response greenhouse_world::page(const incoming& order, const std::string& resource, rows found)
{
    const auto size = std::strtoll(order.one("per_page").value_or("100").c_str(), nullptr, 10);
    if (size < 1 || size > 500)
        return violation("`per_page` out of range");
    const auto most = resource == "applications" ? largest_page : 500;
    return page_of(
        {std::make_shared<const rows>(std::move(found)), 0, std::min(static_cast<std::size_t>(size), most), resource});
}

http::response greenhouse_world::page_at(const std::string& cursor)
{
    const auto known = cursors_.find(cursor);
    if (known == cursors_.end())
        return violation("an expired cursor");
    return page_of(known->second); // stays: a proxy may repeat the request
}

http::response greenhouse_world::page_of(rest_of_list rest)
{
    const auto end = std::min(rest.begin + rest.size, rest.all->size());
    auto made = json_answer(200, array_text(std::span(*rest.all).subspan(rest.begin, end - rest.begin)));
    made.headers.set("X-RateLimit-Limit", "1000");
    made.headers.set("X-RateLimit-Remaining", "999");
    made.headers.set(
        "X-RateLimit-Reset",
        std::to_string(std::chrono::duration_cast<std::chrono::seconds>(now_().time_since_epoch()).count() + 30));
    if (end < rest.all->size()) {
        const auto next = "c" + std::to_string(next_id_++);
        made.headers.set("Link", '<' + base_url + '/' + rest.resource + "?cursor=" + next + ">; rel=\"next\"");
        rest.begin = end;
        cursors_[next] = std::move(rest);
    }
    return made;
}

} // namespace testdome_sync::sandbox
