#include "sync/ledger_check.hpp"

#include "tests/unit/sync/ledger_file.hpp"

#include <chrono>
#include <fstream>
#include <future>

// A ledger that is too large to be looked through at each start.

namespace testdome_sync::sync {
namespace {

struct large_ledger : ledger_file {
    large_ledger()
    {
        open_sqlite_ledger(path, ledger_access::write);
        execute(
            "INSERT INTO facts WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < "
            "6000) SELECT 'filler-' || n, '\"' || hex(zeroblob(500)) || '\"' FROM counted");
    }

    void damage_the_middle() const
    {
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(std::filesystem::file_size(path) / 2 / 4096 * 4096);
        file << std::string(4096, '\xFF');
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(ledger_checks, large_ledger)

BOOST_AUTO_TEST_CASE(a_small_ledger_needs_none)
{
    const auto small = (directory / "small.db").string();
    open_sqlite_ledger(small, ledger_access::write);
    BOOST_TEST(!ledger_check(small).is_needed());
    BOOST_TEST(ledger_check(path).is_needed());
}

BOOST_AUTO_TEST_CASE(a_large_ledger_opens_unseen_and_its_damage_is_found_while_it_is_at_work)
{
    ledger_check(path).run();
    damage_the_middle();
    const auto at_work = open_sqlite_ledger(path, ledger_access::write);
    const auto text = complaint([&] { ledger_check(path).run(); });
    BOOST_TEST(text.starts_with("ledger " + path + " is damaged ("), text);
    BOOST_TEST(text.find("restore a backup") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(a_large_ledger_in_which_damage_was_found_is_not_worked_with_until_there_is_none)
{
    const auto backup = directory / "backup.db";
    std::filesystem::copy_file(path, backup);
    damage_the_middle();
    const auto found = complaint([&] { ledger_check(path).run(); });
    BOOST_TEST(ledger_check::has_found_damage(path));

    const auto again = complaint([&] { open_sqlite_ledger(path, ledger_access::write); });
    BOOST_TEST(again == found);
    BOOST_TEST(ledger_check::has_found_damage(path));

    std::filesystem::copy_file(backup, path, std::filesystem::copy_options::overwrite_existing);
    open_sqlite_ledger(path, ledger_access::write);
    BOOST_TEST(!ledger_check::has_found_damage(path));
    damage_the_middle();
    open_sqlite_ledger(path, ledger_access::write); // unseen, as every large one whose damage nobody has found
}

BOOST_AUTO_TEST_CASE(a_ledger_that_is_made_in_the_place_of_a_damaged_one_is_trusted)
{
    damage_the_middle();
    complaint([&] { ledger_check(path).run(); });
    std::filesystem::remove(path);

    open_sqlite_ledger(path, ledger_access::write);

    BOOST_TEST(!ledger_check::has_found_damage(path));
}

BOOST_AUTO_TEST_CASE(a_check_that_is_interrupted_ends_without_a_complaint)
{
    damage_the_middle();
    ledger_check check(path);
    std::promise<void> begun;
    auto ended = std::async(std::launch::async, [&] {
        begun.set_value();
        for (int i = 0; i < 200; ++i) { // some of them are interrupted half way
            try {
                check.run();
            } catch (const ledger_error&) {
                continue;
            }
            return true;
        }
        return false;
    });
    begun.get_future().wait();
    while (ended.wait_for(std::chrono::microseconds{50}) == std::future_status::timeout)
        check.interrupt();
    BOOST_TEST(ended.get());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::sync
