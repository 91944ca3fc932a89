#include "sync/state_events.hpp"

#include "sync/application.hpp"

namespace testdome_sync::sync {

std::vector<field> fields_of(const assessment& assessment)
{
    return {{"mapping", assessment.mapping},
            {"application", assessment.application_id},
            {"assessment", std::to_string(assessment.id)},
            {"test", assessment.test_name.empty() ? assessment.test_reference : assessment.test_name},
            {"applicant", assessment.email, field_kind::email}};
}

void tell_of_state(event_sink& events, const assessment& moved, std::string why)
{
    auto fields = fields_of(moved);
    switch (moved.state) {
    case assessment_state::planned:
        return events.emit("assessment.planned", "is to be invited: " + why, std::move(fields));
    case assessment_state::held: return events.emit("assessment.held", moved.reason, std::move(fields));
    case assessment_state::inviting: return;
    case assessment_state::unconfirmed:
        return events.emit(
            "invitation.unconfirmed",
            "it is not known whether the invitation was sent; it is looked up before anything is repeated",
            std::move(fields));
    case assessment_state::invited:
        return events.emit("invitation.sent", "invited, due " + to_text(moved.deadline.value_or(moved.updated_at)),
                           std::move(fields));
    case assessment_state::started: return events.emit("assessment.started", "the test is begun", std::move(fields));
    case assessment_state::scoring:
        return events.emit("result.received", "finished; some answers wait for manual scoring", std::move(fields));
    case assessment_state::completed:
        return events.emit("result.received",
                           moved.result.at("passed").as_bool() ? "completed: passed" : "completed: not passed",
                           std::move(fields));
    case assessment_state::did_not_take:
        return events.emit("result.received", "the test was not taken in time", std::move(fields));
    case assessment_state::canceled: return events.emit("invitation.canceled", std::move(why), std::move(fields));
    case assessment_state::refused: return events.emit("invitation.refused", moved.reason, std::move(fields));
    }
}

void tell_of(event_sink& events, const std::vector<moved_assessment>& all)
{
    for (const auto& one : all)
        tell_of_state(events, one.now, one.why);
}

} // namespace testdome_sync::sync
