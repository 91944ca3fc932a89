#include "connectors/rest/reader.hpp"

#include "sync/events.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace testdome_sync::rest {
namespace json = boost::json;
namespace {

const json::value* member(const json::value& of, std::string_view name)
{
    const auto* found = of.is_object() ? of.get_object().if_contains(name) : nullptr;
    return found && !found->is_null() ? found : nullptr;
}

/// Identifiers come as numbers or texts; either is text from here on.
std::string text(const json::value& of, std::string_view name)
{
    const auto* found = member(of, name);
    return found && !found->is_object() && !found->is_array() ? plain_text(*found) : std::string{};
}

json::value part(const json::value& of, std::string_view name)
{
    const auto* found = member(of, name);
    return found ? *found : json::value(json::object{});
}

sync::applicant applicant_from(const json::value& value)
{
    sync::applicant made{text(value, "id"), text(value, "first_name"), text(value, "last_name"), text(value, "name"),
                         text(value, "email")};
    if (made.name.empty())
        made.name = made.first_name + (made.first_name.empty() || made.last_name.empty() ? "" : " ") + made.last_name;
    if (made.first_name.empty() && made.last_name.empty()) {
        const auto blank = made.name.find(' ');
        made.first_name = made.name.substr(0, blank);
        made.last_name = blank == std::string::npos ? std::string{} : made.name.substr(blank + 1);
    }
    return made;
}

json::value without_helpers(json::value record)
{
    if (record.is_object()) {
        record.as_object().erase("joined");
        record.as_object().erase("missing");
    }
    return record;
}

/// Each application once: when pages shift, or a record comes from two lists, the newest reading counts.
void keep_newest(sync::application read, std::vector<sync::application>& all,
                 std::map<std::string, std::size_t>& places)
{
    const auto place = places.find(read.id);
    if (place == places.end()) {
        places.emplace(read.id, all.size());
        all.push_back(std::move(read));
    } else if (!(read.updated_at && all[place->second].updated_at &&
                 *read.updated_at < *all[place->second].updated_at)) {
        all[place->second] = std::move(read);
    }
}

std::string id_for_report(const json::value& record)
{
    return text(record, "id");
}

} // namespace

json::value formatted(sync::wall_time time, time_format format)
{
    using namespace std::chrono;
    const auto iso = sync::to_text(time);
    switch (format) {
    case time_format::iso: return json::value(iso);
    case time_format::iso_ms: {
        const auto fraction = duration_cast<milliseconds>(time - floor<seconds>(time)).count();
        char digits[16];
        std::snprintf(digits, sizeof digits, ".%03dZ", static_cast<int>(fraction));
        return json::value(iso.substr(0, 19) + digits);
    }
    case time_format::iso_naive: return json::value(iso.substr(0, 10) + ' ' + iso.substr(11, 8));
    case time_format::date: return json::value(iso.substr(0, 10));
    case time_format::epoch_s: return duration_cast<seconds>(time.time_since_epoch()).count();
    case time_format::epoch_ms: return duration_cast<milliseconds>(time.time_since_epoch()).count();
    }
    return nullptr;
}

std::optional<sync::wall_time> time_in(const json::value& value)
{
    if (value.is_string())
        return sync::time_from(value.get_string());
    if (!value.is_number())
        return std::nullopt;
    constexpr double smallest_milliseconds = 1e11; // as seconds, that would be the year 5138
    const auto number = value.to_number<double>();
    const auto milliseconds = number >= smallest_milliseconds ? number : number * 1000;
    constexpr double farthest = 9e12; // the year 2255: beyond 2262 nanoseconds can't be counted
    if (!(std::abs(milliseconds) <= farthest))
        return std::nullopt;
    return sync::wall_time{std::chrono::milliseconds{static_cast<long long>(milliseconds)}};
}

void add_applications(const description& described, const json::value& record,
                      std::map<std::string, std::size_t>& places, sync::poll_answer& into)
{
    const auto broken = [&](const std::string& why) {
        into.broken.push_back({id_for_report(record), sync::printable(why)});
    };
    if (described.select) {
        const auto wanted = described.select->test(record);
        if (!wanted)
            return broken(wanted.error().reason);
        if (!*wanted)
            return;
    }
    const bool joined = !described.enrich.empty();
    if (const auto* missing = joined ? member(record, "missing") : nullptr)
        return broken("its " + plain_text(*missing) + " record is missing in the HR system");
    std::vector<json::value> parts{record};
    if (described.split) {
        auto split = described.split->all(record);
        if (!split)
            return broken(split.error().reason);
        parts = std::move(*split);
    }
    for (const auto& one : parts) {
        const auto rendered = described.application.render(one);
        if (!rendered) {
            broken(rendered.error().reason);
            continue;
        }
        sync::application made;
        made.id = text(*rendered, "id");
        if (made.id.empty()) {
            broken("it has no id");
            continue;
        }
        made.url = text(*rendered, "url");
        const auto* applied = member(*rendered, "applied_at");
        const auto* updated = member(*rendered, "updated_at");
        made.applied_at = applied ? time_in(*applied) : std::nullopt;
        made.updated_at = updated ? time_in(*updated) : std::nullopt;
        made.status = text(*rendered, "status");
        made.applicant = applicant_from(part(*rendered, "applicant"));
        made.job = {text(part(*rendered, "job"), "id"), text(part(*rendered, "job"), "name")};
        made.stage = {text(part(*rendered, "stage"), "id"), text(part(*rendered, "stage"), "name")};
        const auto* raw = member(*rendered, "raw");
        made.raw = raw ? *raw : joined ? without_helpers(one) : one;
        keep_newest(std::move(made), into.applications, places);
    }
}

} // namespace testdome_sync::rest
