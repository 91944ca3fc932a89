#include "connectors/rest/reader.hpp"

#include "connectors/rest/newest_readings.hpp"
#include "sync/documents.hpp"
#include "sync/events.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>

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

/// Records that are kept in mind: two MiB at most.
constexpr std::size_t known_limit = 10'000;

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

sync::application application_of(const json::value& rendered, json::value raw)
{
    sync::application made;
    made.id = text(rendered, "id");
    made.url = text(rendered, "url");
    const auto* applied = member(rendered, "applied_at");
    const auto* updated = member(rendered, "updated_at");
    made.applied_at = applied ? time_in(*applied) : std::nullopt;
    made.updated_at = updated ? time_in(*updated) : std::nullopt;
    made.status = text(rendered, "status");
    made.applicant = applicant_from(part(rendered, "applicant"));
    made.job = {text(part(rendered, "job"), "id"), text(part(rendered, "job"), "name")};
    made.stage = {text(part(rendered, "stage"), "id"), text(part(rendered, "stage"), "name")};
    const auto* own = member(rendered, "raw");
    made.raw = own ? *own : std::move(raw);
    return made;
}

record_reading read_record(const description& described, const json::value& record)
{
    record_reading read;
    const auto broken = [&](const std::string& why) {
        read.broken.push_back({id_for_report(record), sync::printable(why)});
    };
    if (described.select) {
        const auto wanted = described.select->test(record);
        if (!wanted)
            broken(wanted.error().reason);
        if (!wanted || !*wanted)
            return read;
    }
    const bool joined = !described.enrich.empty();
    if (const auto* missing = joined ? member(record, "missing") : nullptr) {
        broken("its " + plain_text(*missing) + " record is missing in the HR system");
        return read;
    }
    std::vector<json::value> parts{record};
    if (described.split) {
        auto split = described.split->all(record);
        if (!split) {
            broken(split.error().reason);
            return read;
        }
        parts = std::move(*split);
    }
    for (const auto& one : parts) {
        const auto rendered = described.application.render(one);
        if (!rendered)
            broken(rendered.error().reason);
        else if (text(*rendered, "id").empty())
            broken("it has no id");
        else
            read.applications.push_back(application_of(*rendered, joined ? without_helpers(one) : one));
    }
    return read;
}

void application_reader::take_in(const records& found, const sync::poll_request& request, sync::poll_answer& into)
{
    const auto& described = hr_system_.described();
    const bool may_know = request.is_known && !described.application.mentions("now");
    const auto is_known = [&](const known_application& one) { return request.is_known(one.id, one.fingerprint); };
    if (known_.size() > known_limit)
        known_.clear();
    newest_readings newest;
    for (const auto& record : found) {
        const auto digest = may_know ? sync::fingerprint_of(record) : std::string{};
        const auto known = known_.find(digest);
        if (known != known_.end() && std::ranges::all_of(known->second, is_known)) {
            for (const auto& one : known->second)
                newest.add_known(one.id, one.updated_at);
            continue;
        }
        auto read = read_record(described, record);
        // What is not selected, or broken, may be another thing tomorrow without having changed.
        if (may_know && !read.applications.empty() && read.broken.empty() && known_.size() <= known_limit) {
            auto& kept = known_[digest];
            kept.clear();
            for (const auto& one : read.applications)
                kept.push_back({one.id, sync::fingerprint_of(sync::to_document(one)), one.updated_at});
        }
        for (auto& application : read.applications)
            newest.add(std::move(application));
        std::ranges::move(read.broken, std::back_inserter(into.broken));
    }
    newest.move_into(into);
}

} // namespace testdome_sync::rest
