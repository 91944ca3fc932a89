#include "connectors/csv/rows.hpp"
#include "daemon/arguments.hpp"
#include "daemon/commands.hpp"
#include "daemon/configuration.hpp"
#include "daemon/json_views.hpp"
#include "daemon/spreadsheet.hpp"
#include "sync/application.hpp"

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
    for (const auto& one : ledger->assessments(filter)) {
        auto shown = assessment_view(one, *ledger);
        shown["result"] = one.result;
        if (lines)
            std::cout << json::serialize(shown) << '\n';
        else
            write_csv(shown);
    }
    std::cout.flush();
    if (!std::cout)
        throw std::runtime_error("standard output can't be written: the export is not complete");
    return exit_status::well;
}

} // namespace testdome_sync::daemon
