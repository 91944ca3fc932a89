#include "connectors/csv/reader.hpp"

#include "connectors/csv/export_folder.hpp"
#include "connectors/on_worker.hpp"
#include "connectors/rest/reader.hpp"
#include "connectors/times.hpp"
#include "sync/events.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <memory>

namespace testdome_sync::csv {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

/// Rows between two looks at what else there is to do.
constexpr std::size_t batch_rows = 256;
/// As often as the engine looks again at those who wait for a better e-mail address.
constexpr std::chrono::hours look_again_every{1};

std::pair<std::int64_t, std::string> order_of(const file_state& one)
{
    return {one.modified, one.name};
}

/// A file that is too large by itself is left alone, and another matter.
bool is_too_much(const std::vector<file_state>& files, std::uint64_t limit)
{
    std::uint64_t sum = 0;
    for (const auto& one : files)
        sum += one.size <= limit ? one.size : 0;
    return sum > limit;
}

/// A time that is there, but isn't understood, must not count as none: who applied before the start would be invited.
/// Nor may one that tells no zone be taken for another hour: who applied after the start would not be invited.
std::optional<std::string> problem_with_time(const json::value& rendered, const char* name,
                                             const std::string& time_zone)
{
    const auto* written = rendered.as_object().if_contains(name);
    if (!written || written->is_null() || (written->is_string() && written->get_string().empty()))
        return std::nullopt;
    if (!connectors::time_in(*written, time_zone))
        return std::string(name) + " is no time that is understood; write it as 2026-11-24T08:00:00Z, 2026-11-24 " +
               "09:00:00 or 2026-11-24 (jq's strptime reads other forms)";
    constexpr std::size_t date_alone = 10;
    const auto* text = written->if_string();
    if (time_zone.empty() && text && text->size() > date_alone && !connectors::tells_a_zone(*text))
        return std::string(name) + " tells no time zone; say which it is: time_zone: Europe/Zagreb";
    return std::nullopt;
}

} // namespace

export_reader::progress export_reader::progress_from(const json::value& cursor)
{
    progress known;
    const auto* object = cursor.if_object();
    const auto* files = object ? object->if_contains("files") : nullptr;
    if (!files || !files->is_object())
        return known;
    for (const auto& [name, state] : files->get_object()) {
        const auto* parts = state.if_array();
        if (!parts || parts->size() != 2 || !parts->at(0).is_int64() || !parts->at(1).is_string())
            return {};
        known.files[name] = {name, {}, 0, parts->at(0).get_int64(), std::string(parts->at(1).get_string())};
    }
    if (const auto* gone = object->if_contains("gone");
        gone && gone->is_array() && gone->get_array().size() == 2 && gone->at(0).is_int64() && gone->at(1).is_string())
        known.gone = {gone->at(0).get_int64(), std::string(gone->at(1).get_string())};
    if (const auto* count = object->if_contains("applications"); count && count->is_int64())
        known.applications = static_cast<int>(count->get_int64());
    return known;
}

json::value export_reader::to_cursor(const progress& known)
{
    json::object files;
    for (const auto& [name, state] : known.files)
        files[name] = json::array{state.modified, state.stamp};
    json::object cursor{{"files", std::move(files)}, {"applications", known.applications}};
    if (known.gone)
        cursor["gone"] = json::array{known.gone->first, known.gone->second};
    return cursor;
}

void export_reader::forget_files_that_are_gone(const std::vector<file_state>& there, progress& known)
{
    std::erase_if(known.files, [&](const auto& one) {
        if (std::ranges::count(there, one.first, &file_state::name) > 0)
            return false;
        known.gone = std::max(known.gone, std::optional(order_of(one.second)));
        return true;
    });
}

bool export_reader::progress::has(const file_state& file) const
{
    const auto before = files.find(file.name);
    return before != files.end() && before->second.stamp == file.stamp;
}

asio::awaitable<sync::result<export_reader::listing>> export_reader::list_settled(progress& known)
{
    const auto look = [&described = described_] { return list_exports(described); };
    auto there = co_await connectors::on_worker(worker_, look);
    if (!there)
        co_return there.error();
    auto wait_until = clock_.now();
    std::map<std::string, sighting> waiting;
    for (const auto& one : *there) {
        if (known.has(one))
            continue;
        const auto before = seen_.find(one.name);
        const bool is_as_before = before != seen_.end() && before->second.stamp == one.stamp;
        waiting[one.name] = {one.stamp, is_as_before ? before->second.since : clock_.now()};
        wait_until = std::max(wait_until, waiting[one.name].since + described_.quiet);
    }
    seen_ = waiting;
    if (wait_until > clock_.now()) {
        co_await clock_.sleep_until(wait_until);
        there = co_await connectors::on_worker(worker_, look);
        if (!there)
            co_return there.error();
    }
    forget_files_that_are_gone(*there, known);
    listing made;
    for (auto& one : *there) {
        const auto since = waiting.find(one.name);
        if (known.has(one) || (since != waiting.end() && since->second.stamp == one.stamp))
            made.settled.push_back(std::move(one));
        else
            made.left_alone = std::max(made.left_alone, std::optional(order_of(one)));
    }
    co_return made;
}

sync::result<export_reader::choice> export_reader::choose(const listing& there, const progress& known,
                                                          bool may_know) const
{
    const auto first_news =
        std::ranges::find_if_not(there.settled, [&](const file_state& one) { return known.has(one); });
    const auto all_due = [&](bool look_again) {
        std::vector<file_state> due;
        for (auto one = there.settled.begin(); one != there.settled.end(); ++one) {
            if (there.left_alone && order_of(*one) < *there.left_alone)
                continue;
            // What is newer than a file with news may know better about the same application.
            const bool is_due = one >= first_news || look_again;
            const bool may_be_outdated = known.gone && order_of(*one) < *known.gone;
            if (!known.has(*one) || (is_due && !may_be_outdated))
                due.push_back(*one);
        }
        return due;
    };
    choice made;
    made.looks_again = !may_know || !looked_again_ || clock_.now() - *looked_again_ >= look_again_every;
    made.files = all_due(made.looks_again);
    if (is_too_much(made.files, described_.limit_bytes) && may_know) {
        made.looks_again = false; // what was taken in and has not changed is no reason to stop
        made.files = all_due(false);
    }
    if (is_too_much(made.files, described_.limit_bytes))
        return sync::failure{sync::errc::not_sent, described_.files + ": its new exports are larger than " +
                                                       std::to_string(described_.limit_bytes / 1024 / 1024) +
                                                       " MiB together; put old ones away, or say limit_mib and give "
                                                       "the program more memory"};
    return made;
}

asio::awaitable<sync::result<sync::poll_answer>> export_reader::read(sync::poll_request request)
{
    auto known = progress_from(request.cursor);
    const auto there = co_await list_settled(known);
    if (!there)
        co_return there.error();
    const auto chosen = choose(*there, known, static_cast<bool>(request.is_known));
    if (!chosen)
        co_return chosen.error();
    sync::poll_answer answer;
    auto readings = std::make_unique<connectors::newest_readings>();
    auto reached = known;
    std::string last_problem;
    std::size_t read_files = 0;
    for (const auto& one : chosen->files) {
        auto last = co_await read_file(one, request, *readings);
        if (last.problem) {
            // What is older waits until this file can be read, too.
            readings = std::make_unique<connectors::newest_readings>();
            reached = known;
            read_files = 0;
            if (!last.was_changed) {
                last_problem = *last.problem;
                answer.broken.push_back({one.name, last_problem});
            }
            continue;
        }
        std::ranges::move(last.broken, std::back_inserter(answer.broken));
        reached.files[one.name] = one;
        seen_.erase(one.name);
        ++read_files;
    }
    if (read_files == 0 && !last_problem.empty())
        co_return sync::failure{sync::errc::malformed, last_problem};
    readings->move_into(answer);
    const auto seen = static_cast<int>(answer.applications.size()) + answer.unchanged;
    const bool everything = read_files == there->settled.size();
    reached.applications = everything ? seen : std::max(seen, known.applications);
    if (read_files == 0)
        answer.unchanged = known.applications;
    if (chosen->looks_again && last_problem.empty())
        looked_again_ = clock_.now();
    answer.cursor = to_cursor(reached);
    co_return answer;
}

asio::awaitable<record_batch> export_reader::read_file(const file_state& which, const sync::poll_request& request,
                                                       connectors::newest_readings& into)
{
    // Shared with the worker, which may outlive this coroutine if the process ends.
    const auto reading = std::make_shared<export_file>(which, described_);
    const auto read_on = [reading] { return reading->read(batch_rows); };
    std::vector<sync::broken_record> broken;
    for (;;) {
        auto batch = co_await connectors::on_worker(worker_, read_on);
        std::ranges::move(batch.broken, std::back_inserter(broken));
        for (const auto& one : batch.records)
            take(one, which, request, into, broken);
        if (batch.problem || batch.at_end) {
            batch.broken = std::move(broken);
            batch.records.clear();
            co_return batch;
        }
    }
}

void export_reader::take(const record& read, const file_state& from, const sync::poll_request& request,
                         connectors::newest_readings& into, std::vector<sync::broken_record>& broken) const
{
    const auto is_broken = [&](const std::string& why) {
        const auto line = ':' + std::to_string(read.line);
        broken.push_back({from.name + line, from.path + line + ": " + sync::printable(why)});
    };
    const config::jq_document document(read.cells);
    if (described_.select) {
        const auto wanted = described_.select->test(document);
        if (!wanted)
            return is_broken(wanted.error().reason);
        if (!*wanted)
            return;
    }
    const auto rendered = described_.application.render(document);
    if (!rendered)
        return is_broken(rendered.error().reason);
    for (const auto* name : {"applied_at", "applied_after", "updated_at"})
        if (const auto problem = problem_with_time(*rendered, name, described_.time_zone))
            return is_broken(*problem);
    auto application = rest::application_of(*rendered, read.cells, {described_.time_zone});
    if (application.id.empty())
        return is_broken("the row has no id");
    into.add_unless_known(std::move(application), request);
}

} // namespace testdome_sync::csv
