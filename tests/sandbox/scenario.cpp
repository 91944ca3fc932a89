#include "tests/sandbox/scenario.hpp"

#include <boost/json/serialize.hpp>

#include <map>

namespace testdome_sync::sandbox {
namespace json = boost::json;

namespace {

constexpr long long test = 1001;

} // namespace

std::vector<sample_applicant> sample_applicants()
{
    using enum behavior;
    std::vector<sample_applicant> all{
        {.first_name = "Ada",
         .last_name = "Byron",
         .email = "ada@example.com",
         .what = "passes",
         .score = 87,
         .final_stage = "Interview"},
        {.first_name = "Grace",
         .last_name = "Hopper",
         .email = "grace@example.com",
         .what = "passes",
         .score = 95,
         .final_stage = "Interview"},
        {.first_name = "Alan",
         .last_name = "Mathison",
         .email = "alan@example.com",
         .what = "fails",
         .does = fails,
         .score = 31},
        {.first_name = "Edsger",
         .last_name = "Wybe",
         .email = "edsger@example.com",
         .what = "needs manual scoring, then passes",
         .does = needs_scoring,
         .score = 72,
         .final_stage = "Interview"},
        {.first_name = "Niklaus",
         .last_name = "Emil",
         .email = "niklaus@example.com",
         .what = "never takes the test",
         .does = never_takes},
        {.first_name = "Barbara",
         .last_name = "Jane",
         .email = "barbara@example.invalid",
         .what = "the address is refused",
         .does = is_refused,
         .paid = 0,
         .notes = 1},
        {.first_name = "Donald",
         .last_name = "Ervin",
         .email = "",
         .what = "has no address",
         .does = waits,
         .paid = 0,
         .notes = 1},
        {.first_name = "Ken",
         .last_name = "Lane",
         .email = "ken@example.com",
         .what = "was invited by hand, passes",
         .score = 78,
         .invited_by_hand = true,
         .paid = 0,
         .notes = 1,
         .final_stage = "Interview"},
        {.first_name = "Dennis",
         .last_name = "Alistair",
         .email = "dennis@example.com",
         .what = "is in another stage",
         .stage = "Application Review",
         .paid = 0,
         .notes = 0,
         .final_stage = "Application Review"},
        {.first_name = "Margaret",
         .last_name = "Heafield",
         .email = "margaret@example.com",
         .what = "is a prospect",
         .prospect = true,
         .paid = 0,
         .notes = 0},
        {.first_name = "John",
         .last_name = "Backus",
         .email = "john@example.com",
         .what = "was rejected before",
         .rejected = true,
         .paid = 0,
         .notes = 0},
    };
    return all;
}

void add_tests(testdome_world& testdome)
{
    testdome.add_test(test, "C++ Senior");
    testdome.add_test(1002, "Java Junior");
}

long long open_job(greenhouse_world& greenhouse)
{
    const auto job = greenhouse.add_job("C++ Engineer", {"Application Review", "Online Test", "Interview", "Offer"});
    greenhouse.add_job("Accountant", {"Application Review", "Interview"});
    return job;
}

void apply(testdome_world& testdome, greenhouse_world& greenhouse, sample_applicant& who, long long job)
{
    testdome.set_behavior(who.email, who.does, who.score);
    who.application = greenhouse.add_application({who.first_name, who.last_name, who.email}, job, who.stage);
    if (who.prospect)
        greenhouse.set_prospect(who.application);
    if (who.rejected)
        greenhouse.set_rejected(who.application);
    if (who.invited_by_hand)
        testdome.invite_by_hand(test, who.email);
}

void play(testdome_world& testdome, greenhouse_world& greenhouse, std::vector<sample_applicant>& applicants)
{
    add_tests(testdome);
    const auto job = open_job(greenhouse);
    for (auto& one : applicants)
        apply(testdome, greenhouse, one, job);
}

json::array outcomes(const testdome_world& testdome, const greenhouse_world& greenhouse,
                     const std::vector<sample_applicant>& applicants, bool after_faults)
{
    json::array all;
    auto note_counts = greenhouse.note_counts();
    std::map<std::string, int> payments;
    for (const auto& payment : testdome.payments())
        ++payments[payment.email];
    for (const auto& one : applicants) {
        if (one.application == 0) {
            all.push_back({{"applicant", one.first_name + ' ' + one.last_name},
                           {"what", one.what},
                           {"paid", 0},
                           {"ok", false},
                           {"missing", "has not applied yet"}});
            continue;
        }
        const auto paid = payments[one.email];
        const auto notes = note_counts[one.application];
        const auto stage = greenhouse.stage_of(one.application);
        const auto field = greenhouse.field_of(one.application, "testdome_score");
        const bool scored = one.score > 0;
        std::string missing;
        const auto expect = [&](bool well, const std::string& what) {
            missing += well ? "" : (missing.empty() ? "" : ", ") + what;
        };
        expect(paid == one.paid, "paid " + std::to_string(paid) + " instead of " + std::to_string(one.paid));
        const bool enough = notes == one.notes || (after_faults && notes == 1 && one.notes == 2);
        expect(enough, std::to_string(notes) + " notes instead of " + std::to_string(one.notes));
        expect(stage == one.final_stage, "stage " + stage + " instead of " + one.final_stage);
        expect(scored ? field == json::value(one.score) : field.is_null(), "field " + json::serialize(field));
        expect(greenhouse.field_of(one.application, "shirt_size") == json::value("M"), "another field was lost");
        all.push_back({{"applicant", one.first_name + ' ' + one.last_name},
                       {"what", one.what},
                       {"paid", paid},
                       {"notes", notes},
                       {"score", field},
                       {"stage", stage},
                       {"ok", missing.empty()},
                       {"missing", missing}});
    }
    return all;
}

json::array delays(const testdome_world& testdome, const greenhouse_world& greenhouse,
                   const std::vector<sample_applicant>& applicants)
{
    std::map<std::string, wall_time> applied;
    for (const auto& one : applicants)
        if (one.application != 0)
            applied[one.email] = greenhouse.created_at(one.application);
    json::array all;
    for (const auto& payment : testdome.payments())
        if (const auto known = applied.find(payment.email); known != applied.end())
            all.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(payment.at - known->second).count());
    return all;
}

std::string first_complaint(const testdome_world& testdome, const greenhouse_world& greenhouse,
                            const std::vector<sample_applicant>& applicants, bool after_faults)
{
    for (const auto& row : outcomes(testdome, greenhouse, applicants, after_faults))
        if (!row.at("ok").as_bool())
            return std::string(row.at("applicant").as_string()) + " " + std::string(row.at("what").as_string()) + ": " +
                   std::string(row.at("missing").as_string());
    for (const auto& violation : testdome.violations())
        return "TestDome: " + violation;
    for (const auto& violation : greenhouse.violations())
        return "Greenhouse: " + violation;
    return {};
}

} // namespace testdome_sync::sandbox
