#include "connectors/newest_readings.hpp"
#include "connectors/rest/reader.hpp"
#include "sync/documents.hpp"
#include "sync/events.hpp"

#include <algorithm>
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

const json::value& part(const json::value& of, std::string_view name)
{
    static const json::value none;
    const auto* found = member(of, name);
    return found ? *found : none;
}

std::string without_outer_blanks(const std::string& text)
{
    const auto begin = text.find_first_not_of(' ');
    return begin == std::string::npos ? std::string{} : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

sync::applicant applicant_from(const json::value& value)
{
    sync::applicant made{text(value, "id"), text(value, "first_name"), text(value, "last_name"), text(value, "name"),
                         text(value, "email")};
    made.name = without_outer_blanks(made.name); // first and last name, and one of them is missing
    sync::complete_names(made);
    return made;
}

json::value without_helpers(const json::value& record)
{
    if (!record.is_object())
        return record;
    json::object own;
    for (const auto& member : record.get_object())
        if (member.key() != "joined" && member.key() != "missing")
            own.emplace(member.key(), member.value());
    return own;
}

std::string id_for_report(const json::value& record)
{
    return text(record, "id");
}

} // namespace

sync::application application_of(const json::value& rendered, json::value raw, const reading_terms& terms)
{
    const auto time = [&](std::string_view name) {
        const auto* found = member(rendered, name);
        return found ? connectors::time_in(*found, terms.time_zone) : std::nullopt;
    };
    sync::application made;
    made.id = text(rendered, "id");
    made.url = text(rendered, "url");
    made.applied_at = time("applied_at");
    if (!made.applied_at)
        made.applied_after = time("applied_after");
    if (!made.applied_at && !made.applied_after && terms.reads_window)
        made.applied_after = sync::wall_time{}; // nothing is known
    made.updated_at = time("updated_at");
    made.status = text(rendered, "status");
    made.applicant = applicant_from(part(rendered, "applicant"));
    const auto &job = part(rendered, "job"), &stage = part(rendered, "stage");
    made.job = {text(job, "id"), text(job, "name")};
    made.stage = {text(stage, "id"), text(stage, "name")};
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
    const config::jq_document document(record); // for all that is asked of it
    if (described.select) {
        const auto wanted = described.select->test(document);
        if (!wanted)
            broken(wanted.error().reason);
        if (!wanted || !*wanted)
            return read;
    }
    const reading_terms terms{described.time_zone, described.reads_window};
    const bool joined = !described.enrich.empty();
    if (const auto* missing = joined ? member(record, "missing") : nullptr) {
        broken("its " + plain_text(*missing) + " record is missing in the HR system");
        return read;
    }
    const auto add = [&](const json::value& one, const config::jq_document& as_document) {
        const auto rendered = described.application.render(as_document);
        if (!rendered)
            broken(rendered.error().reason);
        else if (text(*rendered, "id").empty())
            broken("it has no id");
        else
            read.applications.push_back(application_of(*rendered, joined ? without_helpers(one) : one, terms));
    };
    if (!described.split) {
        add(record, document);
        return read;
    }
    const auto parts = described.split->all(document);
    if (!parts)
        broken(parts.error().reason);
    else
        for (const auto& one : *parts)
            add(one, one);
    return read;
}

bool application_reader::may_know(const sync::poll_request& request) const
{
    return request.is_known && !hr_system_.described().application.mentions("now");
}

application_reader::digests application_reader::set_aside(records& found, const sync::poll_request& request,
                                                          std::vector<known_application>& aside)
{
    digests left;
    if (!may_know(request))
        return left;
    const auto is_known = [&](const known_application& one) { return request.is_known(one.id, one.fingerprint); };
    std::erase_if(found, [&](const json::value& record) {
        const auto digest = digest_of(record);
        const auto* known = listed_.find(digest);
        if (!known || known->join_again_at <= clock_.now() || !std::ranges::all_of(known->applications, is_known)) {
            left.push_back(digest);
            return false;
        }
        std::ranges::copy(known->applications, std::back_inserter(aside));
        return true;
    });
    return left;
}

/// A person's record may be corrected soon after the application has come, and hardly ever later.
void application_reader::let_joins_wait(const record_digest& listed, std::vector<known_application> applications)
{
    constexpr std::chrono::seconds first_pause{60};
    constexpr std::chrono::seconds longest_pause{3600};
    auto* kept = listed_.keep(listed);
    if (!kept)
        return;
    kept->pause = std::clamp(kept->pause * 2, first_pause, longest_pause);
    kept->join_again_at = clock_.now() + kept->pause;
    kept->applications = std::move(applications);
}

std::vector<application_reader::known_application>
application_reader::to_be_known(std::vector<sync::application>& applications)
{
    std::vector<known_application> known;
    for (auto& one : applications) {
        one.fingerprint = sync::fingerprint_of(sync::to_document(one));
        known.push_back({one.id, one.fingerprint, one.updated_at});
    }
    return known;
}

bool application_reader::came_before(const std::vector<known_application>& applications)
{
    bool all = true;
    for (const auto& one : applications) {
        const auto id = digest_of(json::value(one.id));
        if (joined_before_.find(id))
            continue;
        joined_before_.keep(id);
        all = false;
    }
    return all;
}

void application_reader::take_in(const records& found, const digests& as_listed, look& into)
{
    const auto& described = hr_system_.described();
    const bool knows = may_know(into.request);
    const auto is_known = [&](const known_application& one) { return into.request.is_known(one.id, one.fingerprint); };
    for (std::size_t i = 0; i < found.size(); ++i) {
        const auto& record = found[i];
        const auto digest = knows ? digest_of(record) : record_digest{};
        const auto* known = knows ? known_.find(digest) : nullptr;
        if (known && std::ranges::all_of(*known, is_known)) {
            for (const auto& one : *known)
                into.newest.add_known(one.id, one.updated_at);
            if (!as_listed.empty())
                let_joins_wait(as_listed[i], *known);
            continue;
        }
        auto read = read_record(described, record);
        // What is not selected, or broken, may be another thing tomorrow without having changed.
        if (knows && !read.applications.empty() && read.broken.empty()) {
            auto kept = to_be_known(read.applications);
            // What is new may have been made in parts, and is joined again by the next look whatever its list says.
            if (!as_listed.empty() && came_before(kept))
                let_joins_wait(as_listed[i], kept);
            if (auto* place = known_.keep(digest))
                *place = std::move(kept);
        }
        for (auto& application : read.applications)
            into.newest.add_unless_known(std::move(application), into.request);
        std::ranges::move(read.broken, std::back_inserter(into.answer.broken));
    }
}

} // namespace testdome_sync::rest
