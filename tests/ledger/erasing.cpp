#include "sync/eraser.hpp"

#include "sync/pseudonym.hpp"
#include "sync/relational/statements.hpp"
#include "sync/sqlite/session.hpp"
#include "tests/ledger/ledger_place.hpp"
#include "tests/ledger/postgresql_server.hpp"
#include "tests/support/small_ledger.hpp"
#include "tests/support/virtual_time.hpp"

#include <boost/json/serialize.hpp>

// What `retention` leaves of people, and what room that takes.

namespace testdome_sync::sync {
namespace {

using std::chrono::days;

struct only_sqlite {
    boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id) const
    {
        return testing::postgresql_server() == nullptr;
    }
};

struct place : testing::ledger_place {
    static constexpr wall_time begin{std::chrono::seconds{1'700'000'000}};

    /// Somebody who applied, as the HR system and TestDome tell it.
    static stored_application application(const std::string& id, wall_time at)
    {
        stored_application made;
        made.mapping = "engineering";
        made.id = id;
        made.document = {
            {"application", {{"id", id}, {"url", "https://app.example.com/people/" + id}, {"status", "active"}}},
            {"applicant", {{"first_name", "Ada"}, {"last_name", "Lovelace"}, {"email", "ada" + id + "@example.com"}}},
            {"job", {{"id", "1000"}, {"name", "C++ Engineer"}}},
            {"stage", {{"id", "1055"}, {"name", "Online Test"}}},
            {"status", "active"}};
        made.fingerprint = "4682150f759f2de7";
        made.decision = {{{"rule", "backend engineers"}, {"answer", "matches"}, {"reason", ""}}};
        made.first_seen = made.last_seen = at;
        return made;
    }

    /// Tested, and told to the HR system; inside the caller's unit of work.
    static assessment serve(ledger& store, const std::string& id, wall_time at,
                            assessment_state state = assessment_state::completed)
    {
        const auto applied = application(id, at);
        store.save(applied);
        auto one = planned(id);
        one.rule = "backend engineers";
        one.email = "ada" + id + "@example.com";
        store.save(one, "rule \"backend engineers\"");
        for (const auto next : {assessment_state::inviting, assessment_state::invited, assessment_state::started}) {
            one.state = next;
            one.updated_at = at;
            store.save(one, "seen at TestDome");
        }
        one.state = state;
        if (is_final(state))
            one.finished_at = at;
        one.result = {{"status", "completed"},
                      {"score", 80},
                      {"report_url", "https://app.testdome.com/my-candidates/report/500002"},
                      {"raw", {{"name", "Ada Lovelace"}, {"activities", std::string(400, 'x')}}}};
        store.save(one, "finished at TestDome");
        write(store, one, "invited", 0, write_back_state::done);
        for (int position = 0; position < 3; ++position)
            write(store, one, "completed", position, write_back_state::done);
        return one;
    }
    static void write(ledger& store, const assessment& of, const std::string& event, int position,
                      write_back_state state)
    {
        auto note = note_for(of);
        note.event = event;
        note.position = position;
        note.argument = "TestDome: 80% in C++ Senior. https://app.testdome.com/my-candidates/report/500002";
        store.add(note);
        note.state = state;
        store.save(note);
    }

    /// The whole look of one night.
    int erase(ledger& store, wall_time finished_before, std::size_t limit = erased_at_once)
    {
        eraser rubber(store, random);
        erasing_progress progress;
        while (rubber.erase_finished(finished_before, progress, limit)) {
        }
        return rubber.erased();
    }

    static std::string all_of(ledger& store, const std::string& id)
    {
        auto text = boost::json::serialize(store.find_application("engineering", id)->document);
        for (const auto& one : store.assessments({.application_id = id})) {
            text += one.email + boost::json::serialize(one.result);
            for (const auto& written : store.write_backs_of(one.id))
                text += boost::json::serialize(written.argument);
        }
        return text;
    }
    static bool knows(ledger& store, const std::string& id)
    {
        const auto text = all_of(store, id);
        return text.find("Lovelace") != std::string::npos || text.find("@") != std::string::npos;
    }

    testing::seeded_random random;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(erasing, place)

BOOST_AUTO_TEST_CASE(who_has_ended_long_ago_is_erased_and_who_has_not_is_left_alone)
{
    const auto store = open();
    {
        unit_of_work unit(*store);
        serve(*store, "old", begin);
        serve(*store, "young", begin + days{20});
        serve(*store, "open", begin, assessment_state::started);
        auto half = serve(*store, "half", begin);
        half.id = half.checksum = 0;
        half.test_id = 1002;
        half.state = assessment_state::invited;
        store->save(half, "another test");
        write(*store, serve(*store, "unwritten", begin), "completed", 7, write_back_state::pending);
        write(*store, serve(*store, "failed", begin), "completed", 7, write_back_state::failed);
        store->save(application("skipped", begin));
        auto changed = application("changed", begin + days{20}); // his record, long after his test
        serve(*store, "changed", begin);
        store->save(changed);
        unit.commit();
    }
    const auto before = store->find_assessment(1).value();

    BOOST_TEST(erase(*store, begin + days{10}) == 4);

    for (const auto* gone : {"old", "failed", "skipped", "changed"})
        BOOST_TEST(!knows(*store, gone), gone);
    for (const auto* kept : {"young", "open", "half", "unwritten"})
        BOOST_TEST(knows(*store, kept), kept);
    const auto after = store->find_assessment(1).value();
    BOOST_TEST(after.email == pseudonym_of(*store, before.email));
    BOOST_TEST(after.result.at("score") == 80);
    BOOST_TEST((after.state == before.state && after.finished_at == before.finished_at));
    BOOST_TEST(store->transitions(1).size() == 5U);
    BOOST_TEST(store->write_backs_of(1).empty());
    const auto failed = store->write_backs_of(store->assessments({.application_id = "failed"}).at(0).id);
    BOOST_REQUIRE(failed.size() == 1U); // somebody may want to know of it
    BOOST_TEST((failed.front().state == write_back_state::failed));
    BOOST_TEST(erase(*store, begin + days{10}) == 0);
    BOOST_TEST(erase(*store, begin + days{30}) == 1); // "young"
}

BOOST_AUTO_TEST_CASE(small_steps_come_to_everybody_once)
{
    const auto store = open();
    {
        unit_of_work unit(*store);
        for (int i = 0; i < 11; ++i)
            serve(*store, std::to_string(i), begin); // all at the same second
        for (int i = 11; i < 20; ++i)
            store->save(application(std::to_string(i), begin));
        unit.commit();
    }
    BOOST_TEST(erase(*store, begin + days{1}, 2) == 20);
    for (int i = 0; i < 20; ++i)
        BOOST_TEST(!knows(*store, std::to_string(i)));
}

BOOST_AUTO_TEST_CASE(counts_and_statistics_stay_right)
{
    const auto store = open();
    std::int64_t last = 0;
    {
        unit_of_work unit(*store);
        for (int i = 0; i < 300; ++i) {
            const auto one = serve(*store, std::to_string(i), begin + days{i});
            if (i % 5 == 0)
                write(*store, one, "completed", 8, write_back_state::skipped);
            if (i % 7 == 0)
                write(*store, one, "completed", 9, write_back_state::failed);
            last = one.id;
        }
        unit.commit();
    }
    const auto before = store->statistics(begin).mappings["engineering"];
    for (const int until : {10, 150, 299, 301}) {
        erase(*store, begin + days{until});
        std::map<write_back_state, std::int64_t> found;
        for (std::int64_t id = 1; id <= last; ++id)
            for (const auto& one : store->write_backs_of(id))
                ++found[one.state];
        BOOST_TEST((store->count_write_backs() == found));
        const auto after = store->statistics(begin).mappings["engineering"];
        BOOST_TEST(after.finished == before.finished);
        BOOST_TEST(after.written_back == before.written_back);
    }
    BOOST_TEST(store->count_write_backs()[write_back_state::done] == 0);
    unit_of_work unit(*store); // and with the ids of those that were removed at the end
    serve(*store, "next", begin);
    BOOST_TEST(store->count_write_backs()[write_back_state::done] == 4);
}

// A year of 10,000 applicants a day is `./dev bench --only year`.
BOOST_AUTO_TEST_CASE(what_is_erased_gives_its_room_to_others, *boost::unit_test::precondition(only_sqlite{}))
{
    constexpr int people = 30, retention = 20, all_days = 120;
    struct measured {
        long long pages = 0, free = 0;
    };
    std::vector<measured> nights;
    auto store = open();
    const auto number_of = [&](const std::string& query) {
        sqlite::connection sql;
        sql.open(settings.path);
        return relational::statements(sql).one<long long>(query);
    };
    for (int day = 0; day < all_days; ++day) {
        const auto now = begin + days{day};
        unit_of_work unit(*store);
        for (int i = 0; i < people; ++i)
            serve(*store, std::to_string(4'000'000'000 + day * people + i), now);
        unit.commit();
        erase(*store, now - days{retention});
        nights.push_back({number_of("PRAGMA page_count"), number_of("PRAGMA freelist_count")});
    }
    const auto bytes_each = [&](int from, int to) {
        return 4096 * (nights.at(to - 1).pages - nights.at(from - 1).pages) / ((to - from) * people);
    };
    BOOST_TEST_MESSAGE("bytes for each: " << bytes_each(5, 20) << ", then " << bytes_each(60, all_days) << "; free "
                                          << nights.back().free << " pages");
    BOOST_TEST(bytes_each(5, 20) > 2200);
    BOOST_TEST(bytes_each(60, all_days) < 1200);
    // What a night frees is used the next day.
    for (const auto& night : nights)
        BOOST_TEST(night.free <= people * 2000 / 4096);

    sqlite::connection sql;
    sql.open(settings.path);
    relational::statements statements(sql);
    BOOST_TEST(statements.one<std::string>("PRAGMA integrity_check") == "ok");
    BOOST_TEST(statements.one<std::string>("SELECT count(*) || '' FROM pragma_foreign_key_check") == "0");
    BOOST_TEST(statements.one<long long>("SELECT count(*) FROM assessments") == people * all_days);
    // Whoever comes back is known.
    const auto email = "ada4000000000@example.com";
    BOOST_TEST(store->assessments({.email = pseudonym_of(*store, email)}).size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::sync
