#include "tests/sandbox/greenhouse_world.hpp"
#include "tests/sandbox/object_text.hpp"

#include <boost/json/serialize.hpp>

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

    /// Gives those rows whose ids are asked for to `take`, in their order, which is that of their ids.
    template <class Rows, class Take>
    void each_of(const Rows& all, Take take) const
    {
        if (!ids_) {
            std::ranges::for_each(all, take);
            return;
        }
        auto from = all.begin();
        for (const auto id : *ids_) {
            from = std::ranges::lower_bound(from, all.end(), id, {}, [](const auto& one) { return one.id; });
            if (from != all.end() && from->id == id)
                take(*from);
        }
    }

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

greenhouse_world::rows greenhouse_world::applications_rows(const incoming& order)
{
    wall_time since{};
    if (const auto filter = order.one("updated_at")) {
        const auto parsed = at_least(*filter);
        if (!parsed)
            violations_.push_back("an `updated_at` filter that isn't documented: " + *filter);
        since = parsed.value_or(since);
    }
    const wanted_ids ids(order, "ids");
    rows made;
    ids.each_of(applications_, [&](const application& one) {
        if (one.updated_at < since || one.removed)
            return;
        const auto updated_at = iso(one.updated_at);
        object_text row;
        row.number("id", one.id).number("candidate_id", candidates_[one.candidate].id);
        one.prospect ? row.null("job_id") : row.number("job_id", one.job);
        row.truth("prospect", one.prospect).text("status", one.status).number("stage_id", one.stage_row);
        row.text("stage_name", job_of(one).stages[one.stage].name).text("created_at", iso(one.created_at));
        row.text("updated_at", updated_at).text("last_activity_at", updated_at);
        made.push_back(row.take());
    });
    std::ranges::reverse(made); // id descending, not selectable
    return made;
}

greenhouse_world::rows greenhouse_world::candidates_rows(const incoming& order) const
{
    const wanted_ids ids(order, "ids");
    rows made;
    ids.each_of(candidates_, [&](const candidate& one) {
        if (one.merged)
            return;
        rows emails;
        if (!one.who.email.empty())
            emails.push_back(object_text().text("value", one.who.email).text("type", "personal").take());
        object_text row;
        row.number("id", one.id);
        one.who.first_name.empty() ? row.null("first_name") : row.text("first_name", one.who.first_name);
        row.text("last_name", one.who.last_name).null("preferred_name").json("email_addresses", array_text(emails));
        row.truth("private", false).truth("can_email", true).json("tags", "[]");
        made.push_back(row.json("custom_fields", json::serialize(one.fields)).take());
    });
    return made;
}

greenhouse_world::rows greenhouse_world::jobs_rows(const incoming& order) const
{
    const wanted_ids ids(order, "ids");
    rows made;
    for (const auto& one : jobs_)
        if (ids.contains(one.id))
            made.push_back(object_text().number("id", one.id).text("name", one.name).text("status", "open").take());
    return made;
}

greenhouse_world::rows greenhouse_world::stages_rows(const incoming& order) const
{
    const wanted_ids jobs(order, "job_ids");
    rows made;
    for (const auto& of : jobs_) {
        if (!jobs.contains(of.id))
            continue;
        for (const auto& one : of.stages) {
            object_text row;
            row.number("id", one.id).number("job_id", of.id).text("name", one.name).truth("active", true);
            made.push_back(row.take());
        }
    }
    return made;
}

greenhouse_world::rows greenhouse_world::application_stages_rows(const incoming& order) const
{
    const wanted_ids applications(order, "application_ids");
    rows made;
    applications.each_of(applications_, [&](const application& one) {
        if (one.removed)
            return;
        object_text row;
        row.number("id", one.stage_row).number("application_id", one.id);
        row.number("job_interview_stage_id", job_of(one).stages[one.stage].id).truth("current", true);
        made.push_back(row.take());
    });
    return made;
}

greenhouse_world::rows greenhouse_world::notes_rows(const incoming& order) const
{
    const wanted_ids applications(order, "application_ids");
    const wanted_ids candidates(order, "candidate_ids");
    rows made;
    for (const auto& one : notes_) {
        if (!applications.contains(one.application) || !candidates.contains(one.candidate))
            continue;
        object_text row;
        row.number("id", one.id).number("candidate_id", one.candidate).number("application_id", one.application);
        row.text("type", "note").text("visibility", "publicly_visible").text("body", one.body);
        made.push_back(row.take());
    }
    return made;
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
    const auto* whose = with_id(candidates_, candidate_id);
    if ((of && of->removed) || (whose && whose->merged))
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
    auto* which = with_id(candidates_, std::strtoll(id.c_str(), nullptr, 10));
    const auto* object = order.body.if_object();
    const auto* list = object ? object->if_contains("custom_fields") : nullptr;
    if (which && which->merged)
        return sandbox::answer(404, {{"message", "Not found"}});
    if (!which || std::to_string(which->id) != id || !list || !list->is_array())
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
