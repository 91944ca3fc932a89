#include "sync/backup.hpp"

#include "tests/unit/sync/ledger_file.hpp"

#include <fstream>

#include <sys/stat.h>

namespace testdome_sync::sync {

namespace {

struct backed_up : ledger_file {
    std::string file = path + ".backup";

    void store(ledger& into, const std::string& application) const
    {
        auto made = planned(application);
        unit_of_work unit(into);
        into.save(made, "test");
        unit.commit();
    }
    std::size_t count(const std::string& of) const
    {
        return open_sqlite_ledger(of, ledger_access::read)->assessments({}).size();
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(backup)

BOOST_FIXTURE_TEST_CASE(a_ledger_that_is_at_work_is_copied_as_it_is_at_that_moment, backed_up)
{
    const auto ledger = open_sqlite_ledger(path, ledger_access::write);
    store(*ledger, "1");
    back_up_sqlite_ledger(path, file);
    store(*ledger, "2");
    BOOST_TEST(count(file) == 1U);
    BOOST_TEST(count(path) == 2U);
}

BOOST_FIXTURE_TEST_CASE(what_is_not_committed_is_not_in_it, backed_up)
{
    const auto ledger = open_sqlite_ledger(path, ledger_access::write);
    store(*ledger, "1");
    auto uncommitted = planned("2");
    unit_of_work unit(*ledger);
    ledger->save(uncommitted, "test");
    back_up_sqlite_ledger(path, file);
    BOOST_TEST(count(file) == 1U);
}

BOOST_FIXTURE_TEST_CASE(it_is_one_file_and_for_nobody_else, backed_up)
{
    open_sqlite_ledger(path, ledger_access::write);
    back_up_sqlite_ledger(path, file);
    struct stat status {};
    BOOST_REQUIRE(::stat(file.c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0777U) == 0600U);
    BOOST_TEST(!std::filesystem::exists(file + "-wal"));
    BOOST_TEST(!std::filesystem::exists(file + "-journal"));
}

BOOST_FIXTURE_TEST_CASE(a_file_that_exists_stays_as_it_is, backed_up)
{
    open_sqlite_ledger(path, ledger_access::write);
    std::ofstream(file) << "mine";
    BOOST_TEST(complaint([&] { back_up_sqlite_ledger(path, file); }) ==
               "the backup " + file + " can't be made: File exists; choose another name, or move it away");
    BOOST_TEST(std::filesystem::file_size(file) == 4U);
}

BOOST_FIXTURE_TEST_CASE(a_damaged_ledger_gives_no_backup, backed_up)
{
    open_sqlite_ledger(path, ledger_access::write);
    std::filesystem::resize_file(path, 5000);
    BOOST_TEST(complaint([&] { back_up_sqlite_ledger(path, file); }) != "no complaint");
    BOOST_TEST(!std::filesystem::exists(file));
    BOOST_TEST(complaint([&] { back_up_sqlite_ledger(path + ".none", file); }) ==
               "ledger " + path + ".none does not exist: there is nothing to copy");
    BOOST_TEST(!std::filesystem::exists(file));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::sync
