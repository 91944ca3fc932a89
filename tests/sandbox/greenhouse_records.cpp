#include "tests/sandbox/greenhouse_world.hpp"

#include <algorithm>
#include <optional>
#include <set>

// Greenhouse's records as its lists give them, and what its writes do.

namespace testdome_sync::sandbox {
namespace json = boost::json;
namespace {

/// Which ids a request asks for: those of its parameter, or all when it has none.
class wanted_ids {
public:
    wanted_ids(const incoming& order, const std::string& parameter)
    {
        const auto list = order.one(parameter);
        if (!list)
            return;
        const auto ids = ids_in(*list);
        ids_.emplace(ids.begin(), ids.end());
    }
    bool contains(long long id) const { return !ids_ || ids_->contains(id); }

private:
    std::optional<std::set<long long>> ids_;
};

long long number(const json::value& body, const char* member)
{
    const auto* object = body.if_object();
    const auto* found = object ? object->if_contains(member) : nullptr;
    return found && found->is_number() ? found->to_number<long long>() : 0;
}

/// `gte|2026-11-24T00:00:00.000Z`; nothing if it isn't written so.
std::optional<wall_time> at_least(const std::string& filter)
{
    return filter.starts_with("gte|") ? time_from_iso(filter.substr(4)) : std::nullopt;
}

} // namespace

json::array greenhouse_world::applications_rows(const incoming& order)
{
    wall_time since{};
    if (const auto filter = order.one("updated_at")) {
        const auto parsed = at_least(*filter);
        if (!parsed)
            violations_.push_back("an `updated_at` filter that isn't documented: " + *filter);
        since = parsed.value_or(since);
    }
    const wanted_ids ids(order, "ids");
    json::array rows;
    for (auto one = applications_.rbegin(); one != applications_.rend(); ++one) { // id descending, not selectable
        if (one->updated_at < since || one->removed || !ids.contains(one->id))
            continue;
        rows.push_back({{"id", one->id},
                        {"candidate_id", candidates_[one->candidate].id},
                        {"job_id", one->prospect ? json::value(nullptr) : json::value(one->job)},
                        {"prospect", one->prospect},
                        {"status", one->status},
                        {"stage_id", one->stage_row},
                        {"stage_name", job_of(*one).stages[one->stage].name},
                        {"created_at", iso(one->created_at)},
                        {"updated_at", iso(one->updated_at)},
                        {"last_activity_at", iso(one->updated_at)}});
    }
    return rows;
}

json::array greenhouse_world::candidates_rows(const incoming& order) const
{
    const wanted_ids ids(order, "ids");
    json::array rows;
    for (const auto& one : candidates_) {
        if (!ids.contains(one.id) || one.merged)
            continue;
        json::array emails;
        if (!one.who.email.empty())
            emails.push_back({{"value", one.who.email}, {"type", "personal"}});
        rows.push_back(
            {{"id", one.id},
             {"first_name", one.who.first_name.empty() ? json::value(nullptr) : json::value(one.who.first_name)},
             {"last_name", one.who.last_name},
             {"preferred_name", nullptr},
             {"email_addresses", std::move(emails)},
             {"private", false},
             {"can_email", true},
             {"tags", json::array{}},
             {"custom_fields", one.fields}});
    }
    return rows;
}

json::array greenhouse_world::jobs_rows(const incoming& order) const
{
    const wanted_ids ids(order, "ids");
    json::array rows;
    for (const auto& one : jobs_)
        if (ids.contains(one.id))
            rows.push_back({{"id", one.id}, {"name", one.name}, {"status", "open"}});
    return rows;
}

json::array greenhouse_world::stages_rows(const incoming& order) const
{
    const wanted_ids jobs(order, "job_ids");
    json::array rows;
    for (const auto& of : jobs_)
        if (jobs.contains(of.id))
            for (const auto& one : of.stages)
                rows.push_back({{"id", one.id}, {"job_id", of.id}, {"name", one.name}, {"active", true}});
    return rows;
}

json::array greenhouse_world::application_stages_rows(const incoming& order) const
{
    const wanted_ids applications(order, "application_ids");
    json::array rows;
    for (const auto& one : applications_)
        if (applications.contains(one.id) && !one.removed)
            rows.push_back({{"id", one.stage_row},
                            {"application_id", one.id},
                            {"job_interview_stage_id", job_of(one).stages[one.stage].id},
                            {"current", true}});
    return rows;
}

json::array greenhouse_world::notes_rows(const incoming& order) const
{
    const wanted_ids applications(order, "application_ids");
    const wanted_ids candidates(order, "candidate_ids");
    json::array rows;
    for (const auto& one : notes_)
        if (applications.contains(one.application) && candidates.contains(one.candidate))
            rows.push_back({{"id", one.id},
                            {"candidate_id", one.candidate},
                            {"application_id", one.application},
                            {"type", "note"},
                            {"visibility", "publicly_visible"},
                            {"body", one.body}});
    return rows;
}

http::response greenhouse_world::post(const incoming& order, const std::vector<std::string>& path)
{
    if (path == std::vector<std::string>{"notes"})
        return add_note(order);
    if (path.size() == 3 && path[0] == "applications") {
        auto* which = find_existing(std::strtoll(path[1].c_str(), nullptr, 10));
        if (!which)
            return sandbox::answer(404, {{"message", "Not found"}});
        if (path[2] == "move")
            return move(order, *which);
        if (path[2] == "reject")
            return reject(order, *which);
    }
    return violation("unknown call POST " + order.path, 404);
}

http::response greenhouse_world::add_note(const incoming& order)
{
    const auto* of = find(number(order.body, "application_id"));
    const auto candidate_id = number(order.body, "candidate_id");
    const auto whose = std::ranges::find(candidates_, candidate_id, &candidate::id);
    if ((of && of->removed) || (whose != candidates_.end() && whose->merged))
        return sandbox::answer(404, {{"message", "Not found"}});
    const auto* body = order.body.is_object() ? order.body.as_object().if_contains("body") : nullptr;
    if (!of || candidates_[of->candidate].id != candidate_id || !body || !body->is_string())
        return violation("a note without application, candidate or text");
    notes_.push_back({next_id_++, of->id, candidate_id, std::string(body->as_string())});
    find(of->id)->updated_at = now_();
    return sandbox::answer(201, {{"id", notes_.back().id}, {"body", notes_.back().body}});
}

http::response greenhouse_world::move(const incoming& order, application& which)
{
    if (which.status != "in_process")
        return sandbox::answer(422, {{"message", "Only active applications can be moved"}});
    if (number(order.body, "from_stage_id") != which.stage_row)
        return violation("a move from a stage that the application is not in");
    const auto& stages = job_of(which).stages;
    const auto to = std::ranges::find(stages, number(order.body, "to_stage_id"), &stage::id);
    if (to == stages.end())
        return violation("a move to a stage of another job");
    which.stage = static_cast<std::size_t>(to - stages.begin());
    which.stage_row = next_id_++;
    which.updated_at = now_();
    return empty_answer(204);
}

http::response greenhouse_world::reject(const incoming& order, application& which)
{
    if (which.status != "in_process" || number(order.body, "rejection_reason_id") != 815)
        return sandbox::answer(422, {{"message", "Validation error"}});
    which.status = "rejected";
    which.updated_at = now_();
    return empty_answer(204);
}

http::response greenhouse_world::patch_candidate(const incoming& order, const std::string& id)
{
    const auto which =
        std::ranges::find_if(candidates_, [&](const candidate& one) { return std::to_string(one.id) == id; });
    const auto* object = order.body.if_object();
    const auto* list = object ? object->if_contains("custom_fields") : nullptr;
    if (which != candidates_.end() && which->merged)
        return sandbox::answer(404, {{"message", "Not found"}});
    if (which == candidates_.end() || !list || !list->is_array())
        return violation("a change of a candidate that isn't documented");
    json::object changed = partial_fields_drop_others ? json::object{} : which->fields;
    for (const auto& field : list->as_array()) {
        if (!field.is_object() || !field.as_object().contains("name_key") || !field.as_object().contains("value"))
            return violation("a custom field without name_key and value");
        changed[field.at("name_key").as_string()] = field.at("value");
    }
    which->fields = std::move(changed);
    return empty_answer(204);
}

} // namespace testdome_sync::sandbox
