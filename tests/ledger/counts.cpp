#include "sync/migrate_ledger.hpp"
#include "sync/postgresql/session.hpp"
#include "sync/relational/statements.hpp"
#include "sync/sqlite/session.hpp"
#include "tests/ledger/ledger_place.hpp"
#include "tests/ledger/postgresql_server.hpp"
#include "tests/support/small_ledger.hpp"

#include <array>
#include <filesystem>
#include <random>

// How many there are of each state is known without a look at each; it must be what such a look would find.

namespace testdome_sync::sync {
namespace {

struct counted {
    std::map<assessment_state, std::int64_t> assessments;
    std::map<write_back_state, std::int64_t> write_backs;
};

counted look_at_each(ledger& store)
{
    counted found;
    for (const auto& one : store.assessments({})) {
        ++found.assessments[one.state];
        for (const auto& written : store.write_backs_of(one.id))
            ++found.write_backs[written.state];
    }
    return found;
}

void require_right_counts(ledger& store)
{
    const auto found = look_at_each(store);
    BOOST_REQUIRE((store.count_assessments() == found.assessments));
    BOOST_REQUIRE((store.count_write_backs() == found.write_backs));
}

/// Changes of every kind, the same ones in each run.
class changes {
public:
    void make(ledger& store, int count)
    {
        for (int i = 0; i < count; ++i)
            if (applications_ == 0 || one_in(8))
                add(store);
            else
                change(store);
    }
    void make_and_commit(ledger& store, int count)
    {
        unit_of_work unit(store);
        make(store, count);
        unit.commit();
    }

private:
    using state = assessment_state;
    static constexpr std::array states{state::planned,   state::held,         state::inviting, state::unconfirmed,
                                       state::invited,   state::started,      state::scoring,  state::completed,
                                       state::completed, state::did_not_take, state::canceled, state::refused};
    using written = write_back_state;
    static constexpr std::array ends{written::pending, written::unconfirmed, written::done,   written::done,
                                     written::failed,  written::held,        written::skipped};

    bool one_in(unsigned many) { return random_() % many == 0; }

    void add(ledger& store)
    {
        auto one = planned(std::to_string(++applications_));
        store.save(one, "rule");
    }

    void change(ledger& store)
    {
        const auto all =
            store.assessments({.application_id = std::to_string(1 + random_() % static_cast<unsigned>(applications_))});
        if (all.empty())
            return; // what was rolled back
        auto one = all.front();
        one.state = states.at(random_() % states.size());
        store.save(one, "anything");
        auto note = note_for(one);
        note.revision = static_cast<int>(random_() % 4); // so that some are there already
        store.add(note);
        note.state = ends.at(random_() % ends.size());
        store.save(note);
        if (one_in(200))
            store.doubt_write_backs();
    }

    std::mt19937 random_{7}; // NOLINT(cert-msc51-cpp): the same in each run
    int applications_ = 0;
};

struct place : testing::ledger_place {
    long long number_in_table(const std::string& query) const
    {
        const auto sql = connect();
        return relational::statements(*sql).one<long long>(query);
    }
    std::unique_ptr<relational::database> connect() const
    {
        if (is_shared())
            return postgresql::connect(settings, ledger_access::read);
        auto file = std::make_unique<sqlite::connection>();
        file->open(settings.path);
        return file;
    }
    /// Transitions that are looked at one by one.
    long long not_counted() const
    {
        return number_in_table(
            "SELECT count(*) FROM transitions WHERE id > (SELECT coalesce(max(up_to), 0) FROM counts "
            "WHERE what = 'assessments')");
    }
    void make_schema_before_counts() const
    {
        execute("DROP TABLE counts");
        execute("DROP INDEX write_backs_skipped");
        execute("DROP INDEX assessments_to_erase");
        execute("DROP INDEX applications_to_erase");
        execute(is_shared() ? "UPDATE schema_version SET version = 2" : "PRAGMA user_version = 7");
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(counts, place)

BOOST_AUTO_TEST_CASE(an_empty_ledger_has_nothing_to_count)
{
    const auto store = open();
    BOOST_TEST(store->count_assessments().empty());
    BOOST_TEST(store->count_write_backs().empty());
}

BOOST_AUTO_TEST_CASE(they_are_right_after_thousands_of_changes_some_of_them_taken_back_and_few_rows_are_read)
{
    changes all;
    auto store = open();
    for (int round = 0; round < 60; ++round) {
        if (round % 13 == 0) {
            store.reset();
            store = open();
        }
        unit_of_work unit(*store);
        all.make(*store, 70);
        require_right_counts(*store); // as one sees it who has not committed
        if (round % 4 != 0)
            unit.commit();
    }
    require_right_counts(*store);
    require_right_counts(*open(ledger_access::read));
    require_right_counts(*open(ledger_access::copy));
    BOOST_TEST(number_in_table("SELECT count(*) FROM transitions") > 2000);
    BOOST_TEST(not_counted() < 1000 + 70);
}

BOOST_AUTO_TEST_CASE(a_ledger_of_before_has_right_counts)
{
    changes all;
    {
        const auto store = open();
        all.make_and_commit(*store, 300);
    }
    make_schema_before_counts();
    const auto store = open();
    BOOST_TEST(not_counted() == 0);
    require_right_counts(*store);
    all.make_and_commit(*store, 300);
    require_right_counts(*store);
}

BOOST_AUTO_TEST_CASE(counts_that_are_missing_are_made_anew)
{
    changes all;
    auto store = open();
    all.make_and_commit(*store, 1500);
    execute("DELETE FROM counts");
    require_right_counts(*store);
    store.reset();
    store = open();
    all.make_and_commit(*store, 10); // is told that much is not counted
    BOOST_TEST(not_counted() < 10);
    require_right_counts(*store);
}

BOOST_AUTO_TEST_CASE(who_changes_rows_himself_is_not_shown_less_than_nothing)
{
    const auto store = open();
    unit_of_work unit(*store);
    auto one = planned("1"), two = planned("2");
    store->save(one, "rule");
    store->save(two, "rule");
    unit.commit();
    execute("UPDATE assessments SET state = 'completed', checksum = 0");
    execute("DELETE FROM transitions WHERE to_state = 'planned'");
    execute("INSERT INTO counts VALUES('assessments', 'planned', 0, 0)");
    execute("INSERT INTO transitions(assessment_id, at, from_state, to_state, cause, correlation_id) "
            "VALUES(1, 0, 'planned', 'completed', '', '')");
    BOOST_TEST(
        (store->count_assessments() == std::map<assessment_state, std::int64_t>{{assessment_state::completed, 2}}));
}

BOOST_AUTO_TEST_CASE(several_machines_have_the_same_right_counts,
                     *boost::unit_test::precondition(testing::only_postgresql{}))
{
    changes all;
    const auto one = open(ledger_access::share), other = open(ledger_access::share);
    for (int round = 0; round < 30; ++round) {
        all.make_and_commit(round % 3 == 0 ? *one : *other, 100);
        if (round % 10 == 9) {
            require_right_counts(*one);
            require_right_counts(*other);
        }
    }
    BOOST_TEST(not_counted() < 1000 + 100);
}

BOOST_AUTO_TEST_CASE(a_file_that_moves_into_a_database_has_right_counts_there,
                     *boost::unit_test::precondition(testing::only_postgresql{}))
{
    changes all;
    config::ledger_settings file;
    file.path =
        (std::filesystem::temp_directory_path() / ("testdome-sync-counts-" + std::to_string(::getpid()))).string();
    {
        const auto store = open_ledger(file, ledger_access::write);
        all.make_and_commit(*store, 1200);
    }
    migrate_ledger(file.path, settings);
    for (const auto* part : {"", "-wal", "-shm"})
        std::filesystem::remove(file.path + part);
    BOOST_TEST(not_counted() == 0);
    const auto store = open();
    require_right_counts(*store);
    all.make_and_commit(*store, 300);
    require_right_counts(*store);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::sync
