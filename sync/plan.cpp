#include "sync/plan.hpp"

#include "sync/rules.hpp"

#include <boost/json/object.hpp>

#include <set>

namespace testdome_sync::sync {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

json::object row(const std::string& mapping, const std::string& application_id, environment& world)
{
    const auto stored = world.ledger.find_application(mapping, application_id);
    const auto name = stored ? application_from(stored->document).applicant.name : std::string{};
    return {{"mapping", mapping}, {"application_id", application_id},
            {"applicant", name},  {"rule", nullptr},
            {"test", nullptr},    {"action", "skip"},
            {"reason", ""}};
}

json::object row(const assessment& of, environment& world, std::string_view action, std::string_view reason)
{
    auto made = row(of.mapping, of.application_id, world);
    made["rule"] = of.rule;
    made["test"] = of.test_name.empty() ? of.test_reference : of.test_name;
    made["action"] = action;
    made["reason"] = reason;
    return made;
}

json::object row(const inviter::intention& intended, environment& world)
{
    const auto& assessment = intended.assessment;
    switch (intended.found.found) {
    case precedent::kind::adopt: return row(assessment, world, "adopt", "invited at TestDome before, not by us");
    case precedent::kind::reuse:
        return row(assessment, world, "reuse", "an earlier invitation of the same person counts");
    case precedent::kind::wait:
        return row(assessment, world, "reuse", "the same person is being invited to this test already");
    case precedent::kind::forgotten:
        return row(assessment, world, "hold", "was invited before, and was forgotten since");
    case precedent::kind::none: break;
    }
    if (intended.over_limit)
        return row(assessment, world, "hold", "invitations_per_day is reached; goes on tomorrow (UTC) by itself");
    return row(assessment, world, "invite", "");
}

/// Tells who is selected only because the rules were edited since the last poll.
class rule_changes {
public:
    explicit rule_changes(environment& world)
        : world_(world), began_(std::chrono::floor<std::chrono::seconds>(world.clock.wall())) // as the ledger keeps it
    {
        for (const auto& mapping : world.mappings) {
            const auto applied = world.ledger.find_mapping(mapping.settings.name).rules_fingerprint;
            if (!applied.empty() && applied != fingerprint_of(mapping.settings))
                edited_.insert(mapping.settings.name);
        }
    }

    bool have_selected(const assessment& planned) const
    {
        if (!edited_.contains(planned.mapping) || planned.created_at < began_)
            return false;
        const auto stored = world_.ledger.find_application(planned.mapping, planned.application_id);
        return stored && stored->first_seen < began_;
    }

private:
    environment& world_;
    wall_time began_;
    std::set<std::string> edited_; ///< mappings
};

constexpr std::string_view selected_anew = "was not selected before the rules were changed";

} // namespace

asio::awaitable<result<json::array>> make_plan(environment& world, poller& poller, inviter& inviter)
{
    json::array rows;
    const rule_changes changes(world);
    std::set<std::int64_t> held_before;
    for (const auto& held : world.ledger.assessments({.states = {assessment_state::held}}))
        held_before.insert(held.id);
    for (auto& mapping : world.mappings) {
        if (world.is_paused(mapping.settings.name))
            continue;
        auto polled = co_await poller.poll(mapping, std::nullopt);
        if (!polled)
            co_return failure{polled.error().code, mapping.settings.name + ": " + polled.error().detail};
        for (const auto& skip : polled->skips) {
            auto made = row(mapping.settings.name, skip.application_id, world);
            made["reason"] = skip.reason;
            rows.push_back(std::move(made));
        }
    }
    for (const auto& held : world.ledger.assessments({.states = {assessment_state::held}}))
        if (!held_before.contains(held.id))
            rows.push_back(row(held, world, "hold",
                               held.reason + (changes.have_selected(held) ? "; " + std::string(selected_anew) : "")));
    auto intended = co_await inviter.intentions();
    if (!intended)
        co_return intended.error();
    for (const auto& one : *intended) {
        auto made = row(one, world);
        if (made.at("reason").as_string().empty() && changes.have_selected(one.assessment))
            made["reason"] = selected_anew;
        rows.push_back(std::move(made));
    }
    co_return rows;
}

} // namespace testdome_sync::sync
