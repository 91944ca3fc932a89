#include "connectors/csv/connector.hpp"

#include "connectors/csv/export_folder.hpp"
#include "connectors/csv/outcome_file.hpp"
#include "connectors/csv/reader.hpp"
#include "connectors/on_worker.hpp"

#include <boost/json/serialize.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace testdome_sync::csv {
namespace asio = boost::asio;
namespace json = boost::json;
using sync::errc;

namespace {

/// How long a row may wait for a piece of the poll that the worker has begun, and for the file to be looked through.
/// The rest is one call.
constexpr std::chrono::seconds turn_limit{5};

std::string member_text(const json::object& of, std::string_view name)
{
    const auto* found = of.if_contains(name);
    return found && found->is_string() ? std::string(found->get_string()) : std::string{};
}

/// A row is a line, so that one that breaks off is known by its place: line breaks become blanks.
std::string in_one_line(std::string_view text)
{
    std::string line;
    for (const char c : text) {
        if (c != '\r' && c != '\n')
            line += c;
        else if (!line.ends_with(' '))
            line += ' ';
    }
    return line;
}

std::string cell_text(const json::value& value, bool neutralise)
{
    if (value.is_null())
        return {};
    if (!value.is_string())
        return json::serialize(value); // a number may begin with a minus
    std::string text(value.get_string());
    return in_one_line(neutralise ? without_formula(std::move(text)) : text);
}

/// The whole row, the marker last.
sync::result<outcome_row> row_for(const sync::write_order& order, sync::wall_time now, bool neutralise)
{
    const auto* application = order.document.if_contains("application");
    const json::value id(application && application->is_object() ? member_text(application->get_object(), "id") : "");
    outcome_row row{{"application_id", cell_text(id, neutralise)},
                    {"event", member_text(order.document, "event")},
                    {"time", sync::to_text(now)}};
    if (order.action == "note") {
        row.emplace_back(note_column, cell_text(order.argument, neutralise));
    } else {
        const auto* cells = order.argument.if_object();
        if (!cells)
            return sync::failure{errc::refused, "\"row\" needs columns and their values"};
        for (const auto& [column, value] : *cells)
            row.emplace_back(column, cell_text(value, neutralise));
    }
    row.emplace_back(marker_column, member_text(order.document, "marker"));
    return row;
}

class csv_connector final : public sync::hr_connector {
public:
    csv_connector(description described, connectors::surroundings& around)
        : described_(std::move(described)), clock_(around.clock()), worker_(around.new_worker()),
          reader_(described_, clock_, worker_)
    {
        if (described_.outcomes)
            outcomes_ = std::make_shared<outcome_file>(*described_.outcomes);
    }

    asio::awaitable<sync::result<sync::poll_answer>> poll(sync::poll_request request) override
    {
        return reader_.read(std::move(request));
    }

    asio::awaitable<sync::result<sync::write_outcome>> write(sync::write_order order) override
    {
        if (!outcomes_ || (order.action != "row" && order.action != "note"))
            co_return sync::failure{errc::unsupported, "there is no action \"" + order.action + '"'};
        auto row = row_for(order, clock_.wall(), described_.outcomes->neutralise_formulas);
        if (!row)
            co_return row.error();
        const auto is_too_late = [&clock = clock_, leave_by = clock_.now() + turn_limit] {
            return clock.now() > leave_by;
        };
        const auto append = [file = outcomes_, row = std::move(*row), ask_first = order.ask_first, is_too_late] {
            return file->append(row, ask_first, is_too_late);
        };
        co_return co_await connectors::on_worker(worker_, append);
    }

    /// A row is found again by its marker.
    sync::repeatability repeats(const std::string&) const override { return sync::repeatability::checkable; }

    std::chrono::seconds longest_write() const override { return turn_limit + std::chrono::seconds{5}; }

    asio::awaitable<sync::result<std::vector<std::string>>> check() override
    {
        const auto look = [&described = described_, outcomes = outcomes_] {
            std::vector<std::string> findings;
            const auto exports = list_exports(described);
            if (!exports)
                findings.push_back(exports.error().detail);
            else if (exports->empty())
                findings.push_back(described.files + ": there is no file like \"" + described.pattern + "\" yet");
            else if (const auto newest = export_file(exports->back(), described).read(1); newest.problem)
                findings.push_back(*newest.problem);
            if (const auto problem = outcomes ? outcomes->problem() : std::nullopt)
                findings.push_back(*problem);
            return findings;
        };
        co_return co_await connectors::on_worker(worker_, look);
    }

private:
    description described_;
    sync::clock& clock_;
    asio::any_io_executor worker_;
    export_reader reader_;
    std::shared_ptr<outcome_file> outcomes_; ///< shared with the worker
};

} // namespace

std::unique_ptr<sync::hr_connector> create_connector(description described, connectors::surroundings& around)
{
    return std::make_unique<csv_connector>(std::move(described), around);
}

} // namespace testdome_sync::csv
