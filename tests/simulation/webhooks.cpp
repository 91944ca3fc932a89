#include "daemon/listener/site.hpp"
#include "tests/support/simulated_program.hpp"

#include <boost/test/unit_test.hpp>

// A webhook reaches the engine, and nobody waits for it.

namespace testdome_sync::testing {
namespace {

using namespace std::chrono_literals;

/// The program's work, with webhooks switched on.
class nudged_program final : public listener::subject {
public:
    explicit nudged_program(simulated_program& of) : of_(of), settings_(of.world().settings)
    {
        settings_.testdome_webhook.path = config::secret("0123456789abcdef012345");
        mapping_.name = of.world().mappings.front().settings.name;
        mapping_.webhook.path = settings_.testdome_webhook.path;
    }

    const config::settings& settings() const override { return settings_; }
    std::vector<const config::mapping*> mappings() const override { return {&mapping_}; }
    sync::ledger& ledger() override { return of_.ledger(); }
    bool is_working() const override { return of_.alive(); }
    bool has_refused_files() const override { return false; }
    void look_now(const std::string& mapping) override { of_.engine().look_now(mapping); }
    void look_at_testdome_now() override { of_.engine().act_now(); }

private:
    simulated_program& of_;
    config::settings settings_;
    config::mapping mapping_;
};

/// One applicant; both systems are polled once in six hours.
struct seldom_polled : simulated_program {
    seldom_polled()
        : simulated_program({{.first_name = "Ada",
                              .last_name = "Example",
                              .email = "ada@example.com",
                              .score = 90,
                              .final_stage = "Interview"}})
    {
        edit_settings("poll: {every: 1m}", "poll: {every: 6h}");
        edit_mapping("poll: {every: 1m, start: all}", "poll: {every: 6h, start: all}");
    }
    int call(listener::site& site, const std::string& whom)
    {
        return site.answer({"POST", "/webhooks/" + whom + "/0123456789abcdef012345", {}, "anything"}).status;
    }
    sync::assessment_state state() { return assessments().front().state; }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(webhooks, seldom_polled)

BOOST_AUTO_TEST_CASE(testdomes_webhook_brings_a_result_hours_before_the_poll)
{
    start();
    nudged_program about(*this);
    listener::site site(clock.context().get_executor(), about, clock, "1.2.3");
    run_for(1h);
    BOOST_TEST((state() == sync::assessment_state::invited));
    BOOST_TEST(call(site, "testdome") == 202);
    BOOST_TEST((state() == sync::assessment_state::invited)); // the answer has not waited
    run_for(1min);
    BOOST_TEST((state() == sync::assessment_state::completed));
    BOOST_TEST(complaint() == "");
}

BOOST_AUTO_TEST_CASE(an_hr_systems_webhook_reads_that_system_only)
{
    start();
    nudged_program about(*this);
    listener::site site(clock.context().get_executor(), about, clock, "1.2.3");
    run_for(1h);
    const auto mapping = world().mappings.front().settings.name;
    const auto before = ledger().find_mapping(mapping).last_poll;
    BOOST_TEST(call(site, mapping) == 202);
    BOOST_TEST((ledger().find_mapping(mapping).last_poll == before));
    run_for(1min);
    BOOST_TEST((ledger().find_mapping(mapping).last_poll > before));
    BOOST_TEST((state() == sync::assessment_state::invited)); // TestDome is not asked for it
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::testing
