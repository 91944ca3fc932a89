// What is appended to the outcome file.
#include "connectors/csv/outcome_file.hpp"
#include "tests/unit/csv/hr_export.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>

namespace testdome_sync::csv {
namespace {

using sync::errc;
using sync::write_outcome;

const std::string title = "\"application_id\",\"event\",\"time\",\"score\",\"note\",\"marker\"\r\n";
const std::string row_1 = "\"1\",\"completed\",\"2026-11-24T08:00:00Z\",\"87\",\"\",\"td-1\"\r\n";
const std::string row_2 = "\"1\",\"completed\",\"2026-11-24T08:00:00Z\",\"87\",\"\",\"td-2\"\r\n";

/// Files can't grow beyond a size while it lives: a full disk, as a program sees it.
struct full_disk {
    explicit full_disk(rlim_t size)
    {
        ::getrlimit(RLIMIT_FSIZE, &before);
        const rlimit small{size, before.rlim_max};
        handler = std::signal(SIGXFSZ, SIG_IGN); // NOLINT(cert-err33-c): an ignored signal can't fail
        ::setrlimit(RLIMIT_FSIZE, &small);
    }
    ~full_disk()
    {
        ::setrlimit(RLIMIT_FSIZE, &before);
        std::signal(SIGXFSZ, handler);
    }
    full_disk(const full_disk&) = delete;
    full_disk& operator=(const full_disk&) = delete;

    rlimit before{};
    void (*handler)(int) = nullptr;
};

struct outcome_export : hr_export {
    outcome_export()
    {
        start("outcomes: outcomes.csv\nwrite_back: {completed: [{row: {score: !jq .result.score}}, {note: x}]}\n");
    }

    sync::result<write_outcome> write_row(const std::string& marker, const std::string& argument = R"({"score":87})",
                                          bool ask_first = false)
    {
        sync::write_order order;
        order.argument = boost::json::parse(argument);
        order.action = order.argument.is_string() ? "note" : "row";
        order.document = {{"application", {{"id", application_id}}}, {"event", "completed"}, {"marker", marker}};
        order.ask_first = ask_first;
        return testing::run(around.clock(), connector->write(std::move(order)));
    }
    std::string outcomes() const { return content("outcomes.csv"); }
    void put(const std::string& text) const { write("outcomes.csv", text); }

    std::string application_id = "1";
};

void is(const sync::result<write_outcome>& answer, write_outcome expected)
{
    BOOST_REQUIRE_MESSAGE(answer, answer.error().detail);
    BOOST_TEST((*answer == expected));
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(outcomes_csv, outcome_export)

BOOST_AUTO_TEST_CASE(a_new_file_has_a_header_and_is_for_its_owner_and_group)
{
    is(write_row("td-1"), write_outcome::done);
    is(write_row("td-2"), write_outcome::done);
    BOOST_TEST(outcomes() == title + row_1 + row_2);
    struct stat of {};
    BOOST_REQUIRE(::stat(path("outcomes.csv").c_str(), &of) == 0);
    BOOST_TEST((of.st_mode & 0137) == 0U);
}

BOOST_AUTO_TEST_CASE(a_note_is_a_row_with_a_text)
{
    is(write_row("td-1", R"("said \"no\",\r\nlater")"), write_outcome::done);
    BOOST_TEST(outcomes() == title + "\"1\",\"completed\",\"2026-11-24T08:00:00Z\",\"\",\"said \"\"no\"\", later\","
                                     "\"td-1\"\r\n");
}

BOOST_AUTO_TEST_CASE(values_are_written_as_what_they_are_and_null_is_nothing)
{
    is(write_row("td-1", R"({"score":null})"), write_outcome::done);
    is(write_row("td-2", R"({"score":true})"), write_outcome::done);
    is(write_row("td-3", R"({"score":-1.5})"), write_outcome::done);
    BOOST_TEST(outcomes().find("Z\",\"\",\"\",\"td-1\"") != std::string::npos);
    BOOST_TEST(outcomes().find("Z\",\"true\",\"\",\"td-2\"") != std::string::npos);
    BOOST_TEST(outcomes().find("Z\",\"-1.5E0\",\"\",\"td-3\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_spreadsheet_is_given_nothing_to_calculate)
{
    for (const std::string evil : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"})
        BOOST_TEST(without_formula(evil) == '\'' + evil);
    BOOST_TEST(without_formula("a=1") == "a=1");
    BOOST_TEST(without_formula("").empty());
    application_id = "=cmd|' /C calc'!A0";
    is(write_row("td-1", "\"=HYPERLINK(\\\"x\\\")\""), write_outcome::done);
    BOOST_TEST(outcomes().find("\r\n\"'=cmd|' /C calc'!A0\",") != std::string::npos);
    BOOST_TEST(outcomes().find(",\"'=HYPERLINK(\"\"x\"\")\",") != std::string::npos);

    start("outcomes: {file: plain.csv, neutralise_formulas: false, separator: \";\"}\n"
          "write_back: {completed: [{note: x}]}\n");
    is(write_row("td-1", R"("=1")"), write_outcome::done);
    BOOST_TEST(content("plain.csv").find("Z\";\"=1\";\"td-1\"\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(after_a_doubt_the_file_is_searched_for_the_marker)
{
    is(write_row("td-1"), write_outcome::done);
    is(write_row("td-1", R"({"score":87})", true), write_outcome::already_done);
    start("outcomes: outcomes.csv\nwrite_back: {completed: [{row: {score: !jq .result.score}}, {note: x}]}\n");
    is(write_row("td-1", R"({"score":87})", true), write_outcome::already_done);
    is(write_row("td-2", R"({"score":87})", true), write_outcome::done);
    BOOST_TEST(outcomes() == title + row_1 + row_2);
    BOOST_TEST((connector->repeats("row") == sync::repeatability::checkable));
}

BOOST_AUTO_TEST_CASE(a_row_that_a_power_cut_has_torn_is_taken_away_and_written_again)
{
    for (std::size_t cut = 1; cut + 2 < row_2.size(); ++cut) {
        put(title + row_1 + row_2.substr(0, cut));
        is(write_row("td-2", R"({"score":87})", true), write_outcome::done);
        BOOST_TEST(outcomes() == title + row_1 + row_2);
    }
    for (const auto& rest : {std::string("\0\0\0", 3), row_2.substr(0, 9) + std::string(20, '\0')}) {
        put(title + row_1 + rest);
        is(write_row("td-2", R"({"score":87})", true), write_outcome::done);
        BOOST_TEST(outcomes() == title + row_1 + row_2);
    }
}

BOOST_AUTO_TEST_CASE(a_row_that_lacks_its_line_end_only_is_whole)
{
    for (const std::size_t missing : {1U, 2U}) {
        put(title + row_1.substr(0, row_1.size() - missing));
        is(write_row("td-1", R"({"score":87})", true), write_outcome::already_done);
        is(write_row("td-2"), write_outcome::done);
        const auto text = outcomes();
        BOOST_TEST(text.find("\"td-1\"\r\n") != std::string::npos);
        BOOST_TEST(text.ends_with(row_2));
    }
}

BOOST_AUTO_TEST_CASE(a_header_that_a_power_cut_has_torn_is_written_again)
{
    for (std::size_t cut = 0; cut + 2 < title.size(); ++cut) {
        put(title.substr(0, cut));
        is(write_row("td-1"), write_outcome::done);
        BOOST_TEST(outcomes() == title + row_1);
    }
    put(title.substr(0, title.size() - 2));
    is(write_row("td-1"), write_outcome::done);
    BOOST_TEST(outcomes() == title + row_1);
}

BOOST_AUTO_TEST_CASE(what_others_have_written_is_never_taken_away)
{
    for (const auto& foreign : {title + "1,completed", title + "\"1,x\n2,y\n3,z\n", std::string("{\"a\": 1}"),
                                std::string("\"not ours"), std::string("name,score\r\nAda,1\r\n")}) {
        put(foreign);
        const auto answer = write_row("td-1");
        BOOST_REQUIRE(!answer);
        BOOST_TEST((answer.error().code == errc::not_sent));
        BOOST_TEST(answer.error().detail.starts_with(path("outcomes.csv") + ": its "));
        BOOST_TEST(outcomes() == foreign);
    }
}

BOOST_AUTO_TEST_CASE(a_file_that_a_spreadsheet_has_saved_goes_on_in_its_own_way)
{
    put("\xEF\xBB\xBFmarker;application_id;time;event;extra;score;note\r\ntd-1;1;now;completed;;87;\r\n");
    is(write_row("td-1", R"({"score":87})", true), write_outcome::already_done);
    is(write_row("td-2"), write_outcome::done);
    BOOST_TEST(outcomes().ends_with("\r\n\"td-2\";\"1\";\"2026-11-24T08:00:00Z\";\"completed\";\"\";\"87\";\"\"\r\n"));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_moved_away_or_removed_is_begun_anew)
{
    is(write_row("td-1"), write_outcome::done);
    std::filesystem::rename(path("outcomes.csv"), path("old.csv"));
    is(write_row("td-2"), write_outcome::done);
    BOOST_TEST(content("old.csv") == title + row_1);
    BOOST_TEST(outcomes() == title + row_2);
    std::filesystem::remove(path("outcomes.csv"));
    is(write_row("td-1"), write_outcome::done);
    BOOST_TEST(outcomes() == title + row_1);
    put("");
    is(write_row("td-2"), write_outcome::done);
    BOOST_TEST(outcomes() == title + row_2);
}

BOOST_AUTO_TEST_CASE(a_full_disk_leaves_no_half_row)
{
    is(write_row("td-1"), write_outcome::done);
    const auto size = outcomes().size();
    for (rlim_t room = 0; room < row_2.size(); room += 7) {
        sync::result<write_outcome> answer = write_outcome::done;
        {
            const full_disk full(size + room);
            answer = write_row("td-2");
        }
        BOOST_REQUIRE(!answer);
        BOOST_TEST((answer.error().code == errc::not_sent));
        BOOST_TEST(outcomes() == title + row_1);
    }
    is(write_row("td-2"), write_outcome::done);
    BOOST_TEST(outcomes() == title + row_1 + row_2);
}

BOOST_AUTO_TEST_CASE(a_full_disk_leaves_no_half_header)
{
    {
        const full_disk full(20);
        BOOST_TEST(!write_row("td-1").has_value());
        BOOST_TEST(outcomes().empty());
    }
    is(write_row("td-1"), write_outcome::done);
    BOOST_TEST(outcomes() == title + row_1);
}

BOOST_AUTO_TEST_CASE(a_file_that_another_program_has_locked_is_left_alone)
{
    is(write_row("td-1"), write_outcome::done);
    auto other = file::open(path("outcomes.csv"), O_RDONLY);
    BOOST_REQUIRE(other);
    BOOST_REQUIRE(::flock(other->descriptor(), LOCK_EX) == 0);
    const auto answer = write_row("td-2");
    BOOST_REQUIRE(!answer);
    BOOST_TEST(answer.error().detail == path("outcomes.csv") + ": another program has locked it");
    BOOST_TEST(outcomes() == title + row_1);
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_missing_or_a_pipe_is_told)
{
    ::mkfifo(path("outcomes.csv").c_str(), 0600);
    BOOST_TEST(write_row("td-1").error().detail == path("outcomes.csv") + ": it is no regular file");
    start("outcomes: missing/outcomes.csv\nwrite_back: {completed: [{note: x}]}\n");
    const auto answer = write_row("td-1", "\"x\"");
    BOOST_REQUIRE(!answer);
    BOOST_TEST((answer.error().code == errc::not_sent));
    BOOST_TEST(answer.error().detail == path("missing/outcomes.csv") + ": No such file or directory");
}

BOOST_AUTO_TEST_CASE(a_row_whose_turn_comes_too_late_is_not_written)
{
    outcome_file outcomes_file({path("late.csv"), {"application_id", "event", "time", "marker"}});
    const auto answer = outcomes_file.append({{"marker", "td-1"}}, false, [] { return true; });
    BOOST_REQUIRE(!answer);
    BOOST_TEST((answer.error().code == errc::not_sent));
    BOOST_TEST(content("late.csv").empty());
}

BOOST_AUTO_TEST_CASE(an_action_that_does_not_exist_is_unsupported)
{
    sync::write_order order;
    order.action = "move_stage";
    BOOST_TEST((testing::run(around.clock(), connector->write(order)).error().code == errc::unsupported));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::csv
