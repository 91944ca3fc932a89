#include "daemon/bug_report/report.hpp"

#include "sync/ledger.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>

#include <stdlib.h>

namespace testdome_sync::bug_report {
namespace fs = std::filesystem;
namespace {

const sync::wall_time now{std::chrono::seconds{1'795'600'000}}; // 2026-11-25

/// An installation in a folder of its own, with secrets, names and addresses in every corner of it.
struct installation {
    installation()
    {
        std::string name = (fs::temp_directory_path() / "testdome-sync-report.XXXXXX").string();
        directory = ::mkdtemp(name.data());
        fs::create_directories(directory / "mappings.d");
        fs::create_directories(directory / "credentials");
        write("credentials/testdome-secret", "planted-testdome-secret");
        write("credentials/chat", "https://chat.example.com/planted-chat-secret");
        write("testdome-sync.yaml", "testdome:\n"
                                    "  email: planted-account@example.com\n"
                                    "  api_password: !credential testdome-secret\n"
                                    "ledger: sqlite:ledger.db # ask Planted Comment\n"
                                    "notify: {webhook: !credential chat}\n"
                                    "limits: {invitations_per_day: 77}\n");
        write("mappings.d/engineering.yaml",
              "connector: csv\n"
              "files: /home/plantedhome/exports\n"
              "outcomes: /home/plantedhome/outcomes.csv\n"
              "application:\n"
              "  id: !jq .ID\n"
              "  applied_at: !jq .Applied\n"
              "  applicant: {name: !jq .Name, email: !jq .Email}\n"
              "rules:\n"
              "  - name: Planted Recruiter's people\n"
              "    when: !jq .applicant.email != \"planted-friend@example.com\" and .job.name == \"Planted Job\"\n"
              "    test: C++ Senior\n"
              "    invitation: {reply_to: planted-reply@example.com, message: 'Yours, Planted Recruiter'}\n");
        fill_ledger();
    }
    ~installation() { fs::remove_all(directory); }

    void write(const std::string& file, const std::string& text) const
    {
        std::ofstream(directory / file) << text;
        fs::permissions(directory / file, fs::perms::owner_read | fs::perms::owner_write);
    }

    std::string report() const
    {
        return report_text({(directory / "testdome-sync.yaml").string(), (directory / "credentials").string(), now,
                            [this] { return lines; }});
    }

    fs::path directory;
    std::vector<journal_line> lines{
        {"2026-11-25T08:00:00Z", "4", "poll.failed", "engineering", "", "",
         "GET https://hr.example.com answered 500: \"no record of Grace Plantedname <grace@example.com>\""},
        {"2026-11-25T08:00:01Z", "6", "decision.made", "engineering", "7", "1",
         "approve by planteduser: for Plantedfriend"},
        {"2026-11-25T08:00:02Z", "6", "invitation.sent", "engineering", "grace@example.com", "1", "invited"},
        {"2026-11-25T08:00:03Z", "3", "", "", "", "",
         "terminated: planted-testdome-secret, key sk_live_plantedkey_4711"}};

private:
    void save(sync::ledger& ledger, const std::string& id, const std::string& name, sync::assessment_state state)
    {
        sync::stored_application seen;
        seen.mapping = "engineering";
        seen.id = id;
        seen.document = {{"application", {{"id", id}}},
                         {"applicant", {{"name", name}, {"email", "planted-" + id + "@example.com"}}}};
        ledger.save(seen);
        if (state == sync::assessment_state::refused)
            return; // seen, and nothing more
        sync::assessment made;
        made.mapping = "engineering";
        made.application_id = id;
        made.test_reference = "C++ Senior";
        made.email = "planted-" + id + "@example.com";
        made.state = state;
        made.cause = sync::hold_cause::email;
        made.reason = "the address of " + name + " can't be used";
        made.updated_at = now;
        ledger.save(made, made.reason);
    }

    void fill_ledger()
    {
        const auto ledger = sync::open_sqlite_ledger((directory / "ledger.db").string(), sync::ledger_access::write);
        sync::unit_of_work unit(*ledger);
        save(*ledger, "7", "Grace Plantedname", sync::assessment_state::held);
        save(*ledger, "8", "Edsger Plantedother", sync::assessment_state::refused);
        auto record = ledger->find_mapping("engineering");
        record.last_poll = now;
        record.last_error = "row 3 of Edsger Plantedother is broken";
        ledger->save(record);
        unit.commit();
    }
};

bool holds(const std::string& text, const std::string& words)
{
    return text.find(words) != std::string::npos;
}

/// Nothing that was planted, in whatever spelling, and no whole address.
void require_clean(const std::string& text)
{
    for (const auto* planted :
         {"lanted", "LANTED", "Grace", "Edsger", "@example.com\"", "grace@", "Recruiter", "Comment"})
        BOOST_TEST(!holds(text, planted), planted << " stands in " << text);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(reports, installation)

BOOST_AUTO_TEST_CASE(it_tells_of_everything_and_of_nobody)
{
    const auto text = report();
    require_clean(text);
    for (const auto* told :
         {"MACHINE\n", "libsqlite3.so", "kernel Linux", "invitations_per_day: 77",
          "api_password: !credential testdome-secret", "connector: csv",
          "when: !jq .applicant.email != \"…\" and .job.name == \"…\"", "assessments: held=1",
          "mapping engineering: applications=2 selected=1", "held, email: 1", "last error: row 3 of … … is broken",
          "warning held", "critical poll_failing engineering",
          "<4> poll.failed GET https://hr.example.com answered 500",
          "decision.made (text left out)  mapping=engineering  application=7", "<3>  terminated: …, key …"})
        BOOST_TEST(holds(text, told), told << " is missing in " << text);
}

BOOST_AUTO_TEST_CASE(a_broken_configuration_is_told_with_its_problems_and_without_what_stands_there)
{
    write("testdome-sync.yaml", "testdome: {emial: planted-account@example.com, api_password: planted-short}\n"
                                "ledger: sqlite:ledger.db\n"
                                "limits: {invitations_per_day: \"Planted Number\"}\n");
    write("mappings.d/broken.yaml", "rules: [Planted: {\n");
    const auto text = report();
    require_clean(text);
    for (const auto* told : {"problem: testdome-sync.yaml:1:12: unknown key \"emial\"",
                             "problem: broken.yaml:", "--- broken.yaml\n  can't be read, or is no YAML",
                             "assessments: held=1", "not known without configuration and ledger"})
        BOOST_TEST(holds(text, told), told << " is missing in " << text);
}

BOOST_AUTO_TEST_CASE(values_of_any_length_are_lived_with)
{
    const std::string much(500'000, 'x');
    write("testdome-sync.yaml",
          "testdome: {url: 'https://" + much + "', poll: {every: '" + much + "'}}\n" + "ledger: sqlite:ledger.db\n");
    lines.front().text = '"' + much + '"';
    require_clean(report());
}

BOOST_AUTO_TEST_CASE(without_any_file_it_still_tells_what_it_can)
{
    for (const auto* gone : {"testdome-sync.yaml", "ledger.db", "ledger.db-wal", "ledger.db-shm"})
        fs::remove(directory / gone);
    lines = {
        {"2026-11-25T08:00:02Z", "4", "writeback.failed", "engineering", "7", "1", "Grace Plantedname is not there"}};
    const auto text = report();
    require_clean(text);
    for (const auto* told : {"problem: testdome-sync.yaml:1:1:", "LEDGER\n  file",
                             "can't be opened: ", "writeback.failed (text left out)"})
        BOOST_TEST(holds(text, told), told << " is missing in " << text);
    lines.clear();
    BOOST_TEST(holds(report(), "the journal has no line of this program"));
}

BOOST_AUTO_TEST_CASE(a_ledger_that_is_none_is_told)
{
    write("ledger.db", std::string(4096, 'x'));
    const auto text = report();
    require_clean(text);
    BOOST_TEST(holds(text, "file 4096 bytes"));
    BOOST_TEST(holds(text, "checkpoint unknown: this is no SQLite file"));
    BOOST_TEST(holds(text, "can't be opened: "));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::bug_report
