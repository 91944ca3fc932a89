#include "config/load.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>

#include <stdlib.h>
#include <sys/stat.h>

namespace testdome_sync::config {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view good_main = R"(testdome:
  client_id: abc
  client_secret: !file secret
)";

constexpr std::string_view good_mapping = R"(connector: greenhouse
credentials: {client_id: x, client_secret: !file ../secret}
rules:
  - name: engineers
    when: !jq .job.name == "C++ Engineer"
    test: C++ Senior
    invitation: {deadline: 7d, reply_to: hr@example.com, message: "Hello {{ .applicant.first_name }}"}
)";

/// A configuration directory of its own for each test.
struct directory {
    directory()
    {
        std::string name = (fs::temp_directory_path() / "testdome-sync-config.XXXXXX").string();
        path = ::mkdtemp(name.data());
        fs::create_directories(path / "mappings.d");
        write("secret", "s3cret\n", 0600);
        write("testdome-sync.yaml", good_main);
        write("mappings.d/engineering.yaml", good_mapping);
    }
    ~directory() { fs::remove_all(path); }

    void write(const std::string& name, std::string_view text, mode_t mode = 0644)
    {
        std::ofstream(path / name) << text;
        ::chmod((path / name).c_str(), mode);
    }

    void edit(const std::string& name, const std::string& from, const std::string& to)
    {
        std::ifstream in(path / name);
        std::string text((std::istreambuf_iterator<char>(in)), {});
        BOOST_REQUIRE(text.find(from) != std::string::npos);
        write(name, text.replace(text.find(from), from.size(), to));
    }

    configuration load()
    {
        auto loaded = config::load((path / "testdome-sync.yaml").string(), "", found);
        for (auto& mapping : loaded.mappings)
            mapping.library->compile(found);
        return loaded;
    }

    /// As a command does that signs in nowhere.
    void load_without_credentials()
    {
        config::load((path / "testdome-sync.yaml").string(), "", found, secrets::unneeded);
    }

    /// All problems, without this directory's own name.
    std::string problems_text()
    {
        load();
        auto text = found.text();
        for (auto at = text.find(path.string() + '/'); at != std::string::npos; at = text.find(path.string() + '/'))
            text.erase(at, path.string().size() + 1);
        return text;
    }

    fs::path path;
    problems found;
};

const std::string main_file = "testdome-sync.yaml";
const std::string mapping_file = "mappings.d/engineering.yaml";

} // namespace

BOOST_FIXTURE_TEST_SUITE(load_files, directory)

BOOST_AUTO_TEST_CASE(a_good_configuration_is_read_with_its_defaults)
{
    const auto read = load();
    BOOST_TEST(found.text() == "");
    BOOST_TEST(read.main.testdome.url == "https://api.testdome.com");
    BOOST_TEST(read.main.testdome.client_secret.reveal() == "s3cret");
    BOOST_TEST(read.main.limits.invitations_per_day == 100);
    BOOST_REQUIRE(read.mappings.size() == 1U);
    BOOST_TEST(read.mappings[0].name == "engineering");
    BOOST_TEST(read.mappings[0].credentials.at("client_secret").reveal() == "s3cret");
    BOOST_TEST((read.mappings[0].rules[0].invitation.deadline == std::chrono::hours{24 * 7}));
}

BOOST_AUTO_TEST_CASE(files_are_looked_for_beside_the_file_that_names_them)
{
    edit(main_file, "  client_id", "  ca_file: ca.pem\n  crl_file: ../crl.pem\n  client_id");
    const auto read = load();
    BOOST_TEST(found.text() == "");
    BOOST_TEST(read.main.testdome.ca_file == (path / "ca.pem").string());
    BOOST_TEST(read.main.testdome.crl_file == (path.parent_path() / "crl.pem").string());
}

BOOST_AUTO_TEST_CASE(a_misspelt_key_is_shown_with_a_caret_and_the_nearest_word)
{
    edit(mapping_file, "    test: C++", "    tests: C++");
    BOOST_TEST(problems_text() ==
               "mappings.d/engineering.yaml:4:5: rule \"engineers\" needs \"test\"\n"
               "    4 |   - name: engineers\n"
               "      |     ^\n"
               "mappings.d/engineering.yaml:6:5: unknown key \"tests\" in rule \"engineers\"; did you mean \"test\"?\n"
               "    6 |     tests: C++ Senior\n"
               "      |     ^~~~~\n");
}

BOOST_AUTO_TEST_CASE(all_mistakes_of_all_files_are_told_in_one_go)
{
    edit(main_file, "client_id", "clientid");
    edit(mapping_file, "deadline: 7d", "deadline: seven days");
    edit(mapping_file, ".job.name ==", ".job.name =");
    const auto text = problems_text();
    BOOST_TEST(text.find("unknown key \"clientid\"") != std::string::npos);
    BOOST_TEST(text.find("a duration is written as 90s, 15m, 2h or 7d, not \"seven days\"") != std::string::npos);
    BOOST_TEST(found.list().size() >= 3U);
}

BOOST_AUTO_TEST_CASE(a_jq_mistake_is_told_where_the_expression_stands)
{
    edit(mapping_file, ".applicant.first_name }}", ".applicant. }}");
    BOOST_TEST(problems_text().find("mappings.d/engineering.yaml:7:77: not a jq expression") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(each_required_key_is_asked_for_when_it_is_missing)
{
    for (const auto& [file, line, complaint] : std::vector<std::tuple<std::string, std::string, std::string>>{
             {mapping_file, "connector: greenhouse\n", "the mapping file needs \"connector\""},
             {mapping_file, "reply_to: hr@example.com, ", "\"invitation\" needs \"reply_to\""},
             {mapping_file, ", message: \"Hello {{ .applicant.first_name }}\"", "\"invitation\" needs \"message\""},
             {main_file, "  client_secret: !file secret\n", "\"testdome\" needs \"client_secret\""}}) {
        directory other;
        other.edit(file, line, "");
        BOOST_TEST(other.problems_text().find(complaint) != std::string::npos, complaint);
    }
}

BOOST_AUTO_TEST_CASE(each_value_of_the_wrong_type_is_told)
{
    for (const auto& [from, to, complaint] : std::vector<std::tuple<std::string, std::string, std::string>>{
             {"when: !jq .job.name == \"C++ Engineer\"", "when: x",
              "\"when\" must be an expression: write when: !jq …"},
             {"test: C++ Senior", "test: [a]", "a list stands where a text is expected"},
             {"rules:\n", "rules: 7\nother:\n", "\"rules\" must be a list with at least one rule"},
             {"connector: greenhouse", "connector: {a: b}", "a mapping stands where a text is expected"},
             {"deadline: 7d", "deadline: 7d, proctoring: maybe", "\"proctoring\" must be true or false, not \"maybe\""},
             {"deadline: 7d", "deadline: 1m", "\"deadline\" must be between 1h and 365d"},
             {"connector: greenhouse", "connector: greenhouse\npoll: {start: tomorrow}",
              "\"start\" must be now, all, or a date"},
             {"connector: greenhouse", "connector: greenhouse\nwrite_back: {complete: []}",
              "unknown event \"complete\" in \"write_back\"; did you mean \"completed\"?"},
             {"connector: greenhouse", "connector: greenhouse\nwrite_back: {held: [note]}",
              "an action of \"held\" is written as - ACTION: VALUE"}}) {
        directory other;
        other.edit(mapping_file, from, to);
        BOOST_TEST(other.problems_text().find(complaint) != std::string::npos,
                   complaint << " in " << other.problems_text());
    }
}

BOOST_AUTO_TEST_CASE(a_secret_that_everybody_can_read_is_refused_and_not_quoted)
{
    edit(main_file, "!file secret", "top-secret-value");
    const auto text = problems_text();
    BOOST_TEST(text.find("a secret stands in a file that everybody on this machine can read; chmod 640") !=
               std::string::npos);
    BOOST_TEST(text.find("top-secret-value") == std::string::npos);

    directory other;
    other.write("secret", "s3cret", 0644);
    BOOST_TEST(other.problems_text().find("can be read by everybody on this machine; chmod 640") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_a_file_or_the_environment_holds_is_never_shown)
{
    for (const auto& [file, from, to] : std::vector<std::tuple<std::string, std::string, std::string>>{
             {main_file, "client_id: abc", "client_id: abc\n  url: !file secret"},
             {main_file, "client_id: abc", "client_id: abc\n  batch_size: !file secret"},
             {main_file, "testdome:", "ledger: !file secret\ntestdome:"},
             {main_file, "testdome:", "log: {level: !file secret}\ntestdome:"},
             {mapping_file, "connector: greenhouse", "connector: greenhouse\npoll: {start: !file ../secret}"},
             {mapping_file, "connector: greenhouse", "connector: !file ../secret"},
             {mapping_file, "    test: C++ Senior", "    test: C++ Senior\n    repeat: !file ../secret"},
             {mapping_file, "    test: C++ Senior", "    test: C++ Senior\n    approve: !file ../secret"}}) {
        directory other;
        other.edit(file, from, to);
        const auto text = other.problems_text();
        BOOST_TEST(text.find("!file") != std::string::npos, to << " in " << text);
        BOOST_TEST(text.find("s3cret") == std::string::npos, to << " in " << text);
    }
}

BOOST_AUTO_TEST_CASE(a_ledger_is_a_file_or_a_database)
{
    const auto settings_of = [](const std::string& ledger) {
        directory other;
        other.edit(main_file, "testdome:", "ledger: " + ledger + "\ntestdome:");
        problems ignored;
        return load_settings((other.path / main_file).string(), "", ignored).ledger;
    };
    const auto problem_of = [](const std::string& ledger) {
        directory other;
        other.edit(main_file, "testdome:", "ledger: " + ledger + "\ntestdome:");
        return other.problems_text();
    };
    BOOST_TEST(settings_of("sqlite:/var/lib/one.db").path == "/var/lib/one.db");
    const auto url = settings_of("postgresql://me@db.example.com:5433/ledger?sslmode=require");
    BOOST_TEST(!url.is_file());
    BOOST_TEST(url.url == "postgresql://me@db.example.com:5433/ledger?sslmode=require");
    const auto keys = settings_of("{url: postgresql://me@db/ledger, password: !file secret}");
    BOOST_TEST(keys.url == "postgresql://me@db/ledger");
    BOOST_TEST(keys.password.reveal() == "s3cret");
    for (const auto* with_password :
         {"postgresql://me:s3cret@db/ledger", "postgres://db/ledger?user=me&password=s3cret",
          "{url: \"postgresql://me:s3cret@db/ledger\"}"}) {
        const auto text = problem_of(with_password);
        BOOST_TEST(text.find("a password has no place in a URL") != std::string::npos, text);
        BOOST_TEST(text.find("s3cret") == std::string::npos, text);
    }
    BOOST_TEST(
        problem_of("mysql://db/ledger").find("is written as sqlite:PATH or as postgresql://USER@HOST/DATABASE") !=
        std::string::npos);
    BOOST_TEST(problem_of("http://db:5432/ledger").find("| ledger: http://db:5432/ledger\n") != std::string::npos);
    BOOST_TEST(problem_of("{url: sqlite:one.db}").find("\"url\" begins with postgresql://") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_secret_that_is_a_pipe_is_refused_and_not_waited_for)
{
    BOOST_REQUIRE(::mkfifo((path / "pipe").c_str(), 0600) == 0);
    edit(main_file, "!file secret", "!file pipe");
    BOOST_TEST(problems_text().find("is no file of at most 64 KiB") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_credential_without_systemd_is_explained)
{
    edit(main_file, "!file secret", "!credential testdome");
    BOOST_TEST(problems_text().find("there are no systemd credentials") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_of_a_hundred_megabytes_is_refused_without_being_read)
{
    std::ofstream(path / main_file).close();
    fs::resize_file(path / main_file, 100 * 1024 * 1024);
    BOOST_TEST(problems_text().find("testdome-sync.yaml:1:1: the file is larger than 1 MiB") == 0U);
}

BOOST_AUTO_TEST_CASE(a_missing_file_and_missing_mappings_are_told)
{
    fs::remove_all(path / "mappings.d");
    fs::remove(path / main_file);
    const auto text = problems_text();
    BOOST_TEST(text.find("the file can't be read: No such file or directory") != std::string::npos);
    BOOST_TEST(text.find("there is no mapping file") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_credentials_no_secret_is_judged)
{
    directory files;
    files.write("testdome-sync.yaml", "testdome: {client_id: !credential id, client_secret: !credential secret}\n"
                                      "listen: 127.0.0.1:8642\n"
                                      "webhooks: {testdome: {secret: !credential webhook}}\n"
                                      "notify: {webhook: !credential chat, ping: !credential ping}\n");
    files.load_without_credentials();
    BOOST_TEST(files.found.text() == "");
}

BOOST_AUTO_TEST_CASE(the_end_of_credentials_is_a_date)
{
    using namespace std::chrono;
    directory files;
    files.edit("mappings.d/engineering.yaml", "rules:", "credentials_expire: 2027-02-28\nrules:");
    const auto read = files.load();
    BOOST_TEST(files.found.text() == "");
    BOOST_REQUIRE(read.mappings.front().credentials_expire);
    BOOST_TEST((*read.mappings.front().credentials_expire == sys_days{year{2027} / 2 / 28}));
    BOOST_TEST(!read.mappings.front().connector_settings.find("credentials_expire"));

    files.edit("mappings.d/engineering.yaml", "2027-02-28", "in spring");
    BOOST_TEST(
        files.problems_text() ==
        "mappings.d/engineering.yaml:3:21: \"credentials_expire\" is the date on which the HR system ends them, such "
        "as 2027-02-28, not \"in spring\"\n"
        "    3 | credentials_expire: in spring\n"
        "      |                     ^~~~~~~~~\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::config
