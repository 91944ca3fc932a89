// Which files are read, and when.
#include "connectors/csv/export_folder.hpp"
#include "tests/unit/csv/hr_export.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <sys/stat.h>

namespace testdome_sync::csv {
using namespace std::chrono_literals;

namespace {

const std::string header = "ID,Email\n";

} // namespace

BOOST_FIXTURE_TEST_SUITE(exports, hr_export)

BOOST_AUTO_TEST_CASE(a_file_counts_once_it_has_been_quiet_for_a_while)
{
    write("a.csv", header + "1,a@x.y\n");
    const auto before = around.clock().now();
    BOOST_TEST(ids(poll()) == "1");
    BOOST_TEST((around.clock().now() - before == 10s));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_still_written_is_left_alone)
{
    start("quiet: 30s\n");
    write("a.csv", header + "1,a@x.y\n", 0);
    around.clock().schedule(around.clock().now() + 20s, [&] { write("a.csv", header + "1,a@x.y\n2,b@", 20); });
    auto answer = try_poll();
    BOOST_REQUIRE(answer);
    BOOST_TEST(answer->applications.empty());
    BOOST_TEST(answer->broken.empty());

    write("a.csv", header + "1,a@x.y\n2,b@x.y\n", 25);
    BOOST_TEST(ids(poll()) == "1 2");
}

BOOST_AUTO_TEST_CASE(a_file_that_was_seen_at_an_earlier_poll_is_not_waited_for_again)
{
    start("quiet: 30s\n");
    write("a.csv", header + "1,a@x.y\n");
    write("b.csv", header + "2,b@x.y\n", 1);
    around.clock().schedule(around.clock().now() + 20s, [&] { write("b.csv", header + "3,c@x.y\n", 20); });
    BOOST_TEST(ids(poll()).empty()); // what is older than b.csv waits for it
    around.clock().run_for(29s);
    const auto before = around.clock().now();
    BOOST_TEST(ids(poll()) == "1 3");
    BOOST_TEST((around.clock().now() - before == 30s)); // of b.csv only the end of its quiet time was not seen
}

BOOST_AUTO_TEST_CASE(temporary_names_folders_and_other_names_are_no_exports)
{
    start("pattern: \"app*.csv\"\n");
    for (const auto* name : {"app.csv.part", ".app.csv", "app.csv~", "~$app.csv", "app.csv.TMP", "other.csv"})
        write(name, header + "9,z@x.y\n");
    std::filesystem::create_directory(path("app-folder.csv"));
    ::mkfifo(path("app-pipe.csv").c_str(), 0600);
    write("app1.csv", header + "1,a@x.y\n");
    BOOST_TEST(ids(poll()) == "1");
}

BOOST_AUTO_TEST_CASE(the_outcome_file_is_no_export)
{
    start("outcomes: outcomes.csv\n");
    write("outcomes.csv", header + "9,z@x.y\n");
    write("a.csv", header + "1,a@x.y\n");
    BOOST_TEST(ids(poll()) == "1");
}

BOOST_AUTO_TEST_CASE(what_was_taken_in_is_not_read_again_within_the_hour)
{
    write("a.csv", header + "1,a@x.y\n2,b@x.y\n");
    BOOST_TEST(poll().applications.size() == 2U);
    const auto before = around.clock().now();
    known.clear(); // whoever reads the file again gives everybody again
    const auto again = poll();
    BOOST_TEST(again.applications.empty());
    BOOST_TEST(again.unchanged == 2);
    BOOST_TEST((around.clock().now() == before));

    around.clock().run_for(1h);
    BOOST_TEST(poll().applications.size() == 2U); // they may wait for something else
}

BOOST_AUTO_TEST_CASE(after_a_start_everything_is_looked_at_once_without_waiting)
{
    write("a.csv", header + "1,a@x.y\n");
    poll();
    start();
    const auto before = around.clock().now();
    const auto again = poll();
    BOOST_TEST(again.applications.empty());
    BOOST_TEST(again.unchanged == 1);
    BOOST_TEST((around.clock().now() == before));
}

BOOST_AUTO_TEST_CASE(whoever_is_due_for_another_look_is_given_again_after_an_hour)
{
    write("a.csv", header + "1,a@x.y\n2,b@x.y\n");
    poll();
    std::erase_if(known, [](const std::string& one) { return one.starts_with("2 "); });
    BOOST_TEST(ids(poll()).empty());
    around.clock().run_for(1h);
    const auto again = poll();
    BOOST_TEST(ids(again) == "2");
    BOOST_TEST(again.unchanged == 1);
}

BOOST_AUTO_TEST_CASE(a_poll_that_was_not_taken_in_is_made_again)
{
    write("a.csv", header + "1,a@x.y\n");
    BOOST_TEST(ids(*try_poll()) == "1"); // and the engine could not store it
    BOOST_TEST(ids(poll()) == "1");
}

BOOST_AUTO_TEST_CASE(what_was_written_with_its_old_time_is_noticed)
{
    write("a.csv", header + "1,a@x.y\n", 5);
    poll();
    write("a.csv", header + "2,a@x.y\n", 5);
    BOOST_TEST(ids(poll()) == "2");
}

BOOST_AUTO_TEST_CASE(of_several_files_the_newest_reading_counts)
{
    write("b.csv", header + "1,old@x.y\n2,b@x.y\n", 0);
    write("a.csv", header + "1,new@x.y\n", 1);
    const auto answer = poll();
    BOOST_TEST(ids(answer) == "1 2");
    BOOST_TEST(answer.applications.front().applicant.email == "new@x.y");
}

BOOST_AUTO_TEST_CASE(of_several_rows_the_latest_change_counts_if_it_is_told)
{
    start({}, "application: {id: !jq .ID, updated_at: !jq .At, applicant: {email: !jq .Email}}\n");
    write("a.csv", "ID,Email,At\n1,new@x.y,2026-11-02\n1,old@x.y,2026-11-01\n", 0);
    write("b.csv", "ID,Email,At\n1,oldest@x.y,2026-10-01\n", 1);
    const auto answer = poll();
    BOOST_REQUIRE(answer.applications.size() == 1U);
    BOOST_TEST(answer.applications.front().applicant.email == "new@x.y");
    BOOST_TEST(sync::to_text(*answer.newest_change) == "2026-11-02T00:00:00Z");
}

BOOST_AUTO_TEST_CASE(an_older_file_that_changes_brings_no_old_reading_back)
{
    write("a.csv", header + "1,old@x.y\n", 0);
    write("b.csv", header + "1,new@x.y\n", 10);
    poll();
    write("a.csv", header + "1,old@x.y\n2,b@x.y\n", 5);
    const auto answer = poll();
    BOOST_TEST(ids(answer) == "2");
    BOOST_TEST(answer.unchanged == 1);
}

BOOST_AUTO_TEST_CASE(a_newer_file_that_is_taken_away_brings_no_old_reading_back)
{
    write("a.csv", header + "1,old@x.y\n", 0);
    write("b.csv", header + "1,new@x.y\n", 10);
    poll();
    std::filesystem::remove(path("b.csv"));
    BOOST_TEST(ids(poll()).empty());
    around.clock().run_for(1h);
    BOOST_TEST(ids(poll()).empty());
    start();
    BOOST_TEST(ids(poll()).empty());
    write("c.csv", header + "3,c@x.y\n", 5); // older than what was taken away, but nobody has seen it yet
    BOOST_TEST(ids(poll()) == "3");
}

BOOST_AUTO_TEST_CASE(emptied_and_deleted_files_make_nobody_vanish)
{
    write("a.csv", header + "1,a@x.y\n");
    poll();
    write("a.csv", "", 1);
    auto answer = try_poll();
    BOOST_REQUIRE(!answer);
    BOOST_TEST(answer.error().detail == path("a.csv") + ": it is empty: not even a header line");

    write("a.csv", header, 2);
    answer = try_poll();
    BOOST_REQUIRE(answer);
    BOOST_TEST(answer->applications.size() + answer->broken.size() == 0U);

    std::filesystem::remove(path("a.csv"));
    BOOST_TEST(poll().applications.empty());
    write("a.csv", header + "1,a@x.y\n", 3);
    const auto back = poll();
    BOOST_TEST(back.applications.empty());
    BOOST_TEST(back.unchanged == 1);
}

BOOST_AUTO_TEST_CASE(a_file_that_breaks_off_within_quotes_is_left_alone_and_told)
{
    write("a.csv", header + "1,a@x.y\n2,\"b@x.y\n3,c@x.y\n");
    const auto answer = try_poll();
    BOOST_REQUIRE(!answer);
    BOOST_TEST(answer.error().detail ==
               path("a.csv") + ":3: a quote opens here that is never closed: the export is not complete, or the quote "
                               "is wrong; nothing of this file counts until it is replaced");
}

BOOST_AUTO_TEST_CASE(what_is_older_than_a_file_that_cannot_be_read_waits_for_it_and_what_is_newer_does_not)
{
    write("a.csv", header + "1,a@x.y\n", 0);
    write("b.csv", header + "1,\"b@x.y\n", 1);
    write("c.csv", header + "3,c@x.y\n", 2);
    auto answer = poll();
    BOOST_TEST(ids(answer) == "3");
    BOOST_REQUIRE(answer.broken.size() == 1U);
    BOOST_TEST(answer.broken.front().id == "b.csv");
    write("b.csv", header + "1,b@x.y\n", 1);
    answer = poll();
    BOOST_TEST(ids(answer) == "1");
    BOOST_TEST(answer.applications.front().applicant.email == "b@x.y");
}

BOOST_AUTO_TEST_CASE(one_file_that_is_replaced_needs_no_folder)
{
    described made("files: " + path("export.txt") + "\n" + least);
    library = made.mapping->library;
    connector = create_connector(std::move(*made.what), around);
    auto missing = try_poll();
    BOOST_REQUIRE(!missing);
    BOOST_TEST(missing.error().detail == path("export.txt") + ": No such file or directory");
    write("export.txt", header + "1,a@x.y\n");
    BOOST_TEST(ids(poll()) == "1");
    write("new", header + "1,a@x.y\n2,b@x.y\n", 1);
    std::filesystem::rename(path("new"), path("export.txt"));
    BOOST_TEST(ids(poll()) == "2");
}

BOOST_AUTO_TEST_CASE(what_is_too_large_is_refused_before_it_is_read)
{
    start("limit_mib: 1\n");
    write("a.csv", header);
    std::filesystem::resize_file(path("a.csv"), 1024 * 1024 + 1);
    const auto answer = try_poll();
    BOOST_REQUIRE(!answer);
    BOOST_TEST(answer.error().detail == path("a.csv") + ": it is larger than 1 MiB; let the HR system export less at a "
                                                        "time, or say limit_mib");
}

BOOST_AUTO_TEST_CASE(what_one_poll_reads_is_limited_and_old_exports_are_no_reason_to_stop)
{
    const auto large = [&](int id) { return header + std::to_string(id) + ",a@x.y\n" + std::string(700'000, '\n'); };
    start("limit_mib: 1\n");
    write("a.csv", large(1), 0);
    BOOST_TEST(ids(poll()) == "1");
    write("b.csv", large(2), 1);
    BOOST_TEST(ids(poll()) == "2");
    around.clock().run_for(1h); // now both would be looked at again
    write("c.csv", header + "3,c@x.y\n", 2);
    BOOST_TEST(ids(poll()) == "3");

    cursor = nullptr;
    const auto answer = try_poll();
    BOOST_REQUIRE(!answer);
    BOOST_TEST(answer.error().detail == folder +
                                            ": its new exports are larger than 1 MiB together; put old ones away, or "
                                            "say limit_mib and give the program more memory");
}

BOOST_AUTO_TEST_CASE(a_cursor_of_another_connector_means_that_nothing_was_read)
{
    write("a.csv", header + "1,a@x.y\n");
    for (const auto* strange :
         {R"("2026-11-24")", R"({"files":3})", R"({"files":{"a.csv":[1]}})", R"({"files":{},"gone":[]})"}) {
        cursor = boost::json::parse(strange);
        known.clear();
        BOOST_TEST(ids(poll()) == "1");
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::csv
