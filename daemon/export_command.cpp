#include "connectors/csv/rows.hpp"
#include "daemon/arguments.hpp"
#include "daemon/commands.hpp"
#include "daemon/configuration.hpp"
#include "daemon/json_views.hpp"
#include "daemon/spreadsheet.hpp"
#include "sync/application.hpp"
#include "sync/eraser.hpp"

#include <boost/json/serialize.hpp>

#include <array>
#include <iostream>

namespace testdome_sync::daemon {
namespace json = boost::json;
namespace {

struct column {
    const char* name;
    const char* pointer; ///< into an element of `list --json` with its `result`
};

constexpr std::array columns{
    column{"id", "/id"},
    column{"mapping", "/mapping"},
    column{"application_id", "/application_id"},
    column{"application_url", "/application_url"},
    column{"applicant", "/applicant/name"},
    column{"email", "/applicant/email"},
    column{"job", "/job"},
    column{"test_id", "/test/id"},
    column{"test", "/test/name"},
    column{"state", "/state"},
    column{"reason", "/reason"},
    column{"score", "/score"},
    column{"passed", "/passed"},
    column{"time_taken_seconds", "/result/time_taken_seconds"},
    column{"possible_cheating", "/result/possible_cheating"},
    column{"report_url", "/result/report_url"},
    column{"candidate_id", "/result/candidate_id"},
    column{"invited_at", "/invited_at"},
    column{"finished_at", "/finished_at"},
    column{"updated_at", "/updated_at"},
};

std::string cell_of(const json::value& from, const char* pointer)
{
    boost::system::error_code missing;
    const auto* found = from.find_pointer(pointer, missing);
    if (!found || found->is_null())
        return {};
    return found->is_string() ? without_formula(found->get_string()) : json::serialize(*found);
}

void write_row(const std::vector<std::string>& cells)
{
    std::cout << csv::row_text(cells, ',');
}

void write_csv(const json::value& one)
{
    std::vector<std::string> cells;
    for (const auto& shown : columns)
        cells.push_back(cell_of(one, shown.pointer));
    write_row(cells);
}

std::vector<json::object> rows_of(sync::ledger& ledger, const sync::assessment_filter& filter)
{
    std::vector<json::object> rows;
    for (const auto& one : ledger.assessments(filter)) {
        rows.push_back(assessment_view(one, ledger));
        rows.back()["result"] = one.result;
    }
    return rows;
}

/// An application that no rule has selected, as an element of `list` would show it.
json::object unselected_row(const sync::stored_application& seen)
{
    const auto application = sync::application_from(seen.document);
    return {{"id", nullptr},
            {"mapping", seen.mapping},
            {"application_id", seen.id},
            {"application_url", application.url},
            {"applicant", {{"name", application.applicant.name}, {"email", application.applicant.email}}},
            {"job", application.job.name},
            {"state", "skipped"},
            {"reason", seen.reason},
            {"updated_at", sync::to_text(seen.last_seen)}};
}

/// Everything that is stored about a person: who was seen and not selected is not left out, and each row has the
/// application's document.
std::vector<json::object> rows_of_person(sync::ledger& ledger, const sync::assessment_filter& filter)
{
    std::vector<json::object> rows;
    for (const auto& seen : sync::applications_of_person(ledger, filter.email)) {
        if (!filter.mapping.empty() && seen.mapping != filter.mapping)
            continue;
        const sync::assessment_filter of_it{.mapping = seen.mapping, .application_id = seen.id};
        const bool is_unselected = ledger.assessments(of_it).empty();
        const bool is_recent = !filter.updated_since || seen.last_seen >= *filter.updated_since;
        auto wanted = of_it;
        wanted.states = filter.states;
        wanted.updated_since = filter.updated_since;
        auto found = rows_of(ledger, wanted);
        if (is_unselected && is_recent && filter.states.empty())
            found.push_back(unselected_row(seen));
        for (auto& row : found) {
            row["application"] = seen.document;
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

} // namespace

int export_results(const common_options& options, const export_options& wanted)
{
    const auto filter = filter_of(wanted.of); // what is written wrong is told before anything is opened
    const auto ledger = sync::open_ledger(read_ledger_settings(options.config), sync::ledger_access::read);
    const bool lines = wanted.format == "jsonl" || options.json;
    if (!lines) {
        std::vector<std::string> names;
        for (const auto& shown : columns)
            names.emplace_back(shown.name);
        write_row(names);
    }
    for (const auto& shown : filter.email.empty() ? rows_of(*ledger, filter) : rows_of_person(*ledger, filter))
        if (lines)
            std::cout << json::serialize(shown) << '\n';
        else
            write_csv(shown);
    std::cout.flush();
    if (!std::cout)
        throw std::runtime_error("standard output can't be written: the export is not complete");
    return exit_status::well;
}

} // namespace testdome_sync::daemon
