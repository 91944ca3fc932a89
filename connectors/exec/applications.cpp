#include "connectors/exec/applications.hpp"

#include <boost/json/serialize.hpp>

namespace testdome_sync::exec {
namespace json = boost::json;
namespace {

/// Reads members of one object; the first that is not what it must be is kept as the reason.
class members {
public:
    members(const json::object& parent, std::string name) : name_(std::move(name))
    {
        const auto* found = parent.if_contains(name_);
        if (!found || found->is_null())
            return;
        of_ = found->if_object();
        if (!of_)
            wrong_ = '"' + name_ + "\" is no object";
    }
    explicit members(const json::object& whole) : of_(&whole) {}

    /// Identifiers come as numbers or texts; either is text from here on.
    std::string text(std::string_view key)
    {
        const auto* found = value(key);
        if (!found)
            return {};
        if (found->is_string())
            return std::string(found->get_string());
        if (found->is_int64() || found->is_uint64())
            return json::serialize(*found);
        wrong_ = path(key) + " is no text";
        return {};
    }

    std::optional<sync::wall_time> time(std::string_view key)
    {
        const auto* found = value(key);
        if (!found)
            return std::nullopt;
        const auto read = found->is_string() ? sync::time_from(found->get_string()) : std::nullopt;
        if (!read)
            wrong_ = path(key) + " is no time such as 2026-11-24T07:00:00Z";
        return read;
    }

    const std::string& wrong() const { return wrong_; }

private:
    const json::value* value(std::string_view key) const
    {
        const auto* found = of_ ? of_->if_contains(key) : nullptr;
        return found && !found->is_null() ? found : nullptr;
    }
    std::string path(std::string_view key) const
    {
        return '"' + (name_.empty() ? "" : name_ + '.') + std::string(key) + '"';
    }

    std::string name_;
    const json::object* of_ = nullptr;
    std::string wrong_;
};

/// `own` holds id, url, times and status: in a document that is `.application`, in the mapping's `application:` the
/// whole.
understood<sync::application> application_from(const json::object& document, members own)
{
    sync::application made;
    made.id = own.text("id");
    made.url = own.text("url");
    made.applied_at = own.time("applied_at");
    made.applied_after = own.time("applied_after");
    made.updated_at = own.time("updated_at");
    members whole(document);
    made.status = whole.text("status");
    if (made.status.empty())
        made.status = own.text("status");
    members applicant(document, "applicant"), job(document, "job"), stage(document, "stage");
    made.applicant = {applicant.text("id"), applicant.text("first_name"), applicant.text("last_name"),
                      applicant.text("name"), applicant.text("email")};
    sync::complete_names(made.applicant);
    made.job = {job.text("id"), job.text("name")};
    made.stage = {stage.text("id"), stage.text("name")};
    if (const auto* raw = document.if_contains("raw"))
        made.raw = *raw;
    for (const auto* part : {&own, &whole, &applicant, &job, &stage})
        if (!part->wrong().empty())
            return violation{part->wrong()};
    if (made.id.empty())
        return violation{"it has no id"};
    return made;
}

/// For a report, from what may not be an application at all.
std::string id_in(const json::object& document)
{
    members own(document, "application");
    auto id = own.text("id");
    return id.empty() ? members(document).text("id") : id;
}

} // namespace

understood<sync::application> application_in(const json::object& document)
{
    return application_from(document, members(document, "application"));
}

understood<void> collected_applications::take(answer_line& line)
{
    if (auto* application = std::get_if<application_line>(&line)) {
        take_document(application->document);
    } else if (const auto* record = std::get_if<record_line>(&line)) {
        if (!application_)
            return violation{"a record, and the mapping has no \"application\" that says what it means"};
        take_record(record->record);
    } else if (auto* broken = std::get_if<broken_line>(&line)) {
        broken_.push_back({shown_(broken->what.id, 100),
                           broken->what.reason.empty() ? "the program gives no reason" : shown_(broken->what.reason)});
    }
    return {};
}

void collected_applications::take_document(json::object& document)
{
    auto read = application_in(document);
    if (read)
        readings_.add_unless_known(std::move(*read), request_);
    else
        broken_.push_back({shown_(id_in(document), 100), shown_(read.error().what)});
}

void collected_applications::take_record(const json::value& record)
{
    const auto id = record.is_object() ? shown_(id_in(record.get_object()), 100) : std::string{};
    const auto rendered = application_->render(record);
    if (!rendered) {
        broken_.push_back({id, shown_(rendered.error().reason)});
        return;
    }
    const auto empty = json::object{};
    const auto& flat = rendered->is_object() ? rendered->get_object() : empty;
    auto read = application_from(flat, members(flat));
    if (!read) {
        broken_.push_back({id, shown_(read.error().what)});
        return;
    }
    if (!flat.contains("raw"))
        read->raw = record;
    readings_.add_unless_known(std::move(*read), request_);
}

void collected_applications::move_into(sync::poll_answer& answer)
{
    readings_.move_into(answer);
    answer.broken = std::move(broken_);
}

} // namespace testdome_sync::exec
