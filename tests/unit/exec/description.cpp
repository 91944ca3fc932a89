#include "tests/unit/exec/described.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

#include <sys/stat.h>

namespace testdome_sync::exec {

BOOST_AUTO_TEST_SUITE(exec_description)

BOOST_AUTO_TEST_CASE(what_is_not_said_has_a_sensible_value)
{
    const described read("command: /bin/sh\n");
    BOOST_REQUIRE_MESSAGE(read.found.empty(), read.found.text());
    BOOST_TEST(read.what->program.command.at(0) == "/bin/sh");
    BOOST_TEST(read.what->program.environment.size() == 1U);
    BOOST_TEST(read.what->program.environment.at(0).reveal() == "PATH=/usr/local/bin:/usr/bin:/bin");
    BOOST_TEST(read.what->program.working_directory == "/");
    BOOST_TEST(*read.what->program.memory_bytes == 256U * 1024 * 1024);
    BOOST_TEST(read.what->timeout.count() == 60'000);
    BOOST_TEST(read.what->idle.count() == 10'000);
}

BOOST_AUTO_TEST_CASE(everything_can_be_said)
{
    ::setenv("EXEC_TEST_TOKEN", "t0ken-of-hr", 1);
    const described read(R"(command: [/bin/sh, -c, "exit 0"]
environment: {HR_TOKEN: !env EXEC_TEST_TOKEN, TENANT: acme, PATH: /opt/bin}
working_directory: /tmp
timeout: 90s
idle: 0s
memory: 2 GiB
actions: {note: uncertain, field: idempotent, tag: checkable}
application: {id: !jq .key, applicant: {email: !jq .mail}}
write_back:
  invited:
    - note: "{{ .test.name }}"
    - note: again
)");
    BOOST_REQUIRE_MESSAGE(read.found.empty(), read.found.text());
    const auto& what = *read.what;
    BOOST_TEST(what.program.command.size() == 3U);
    std::vector<std::string> environment;
    for (const auto& one : what.program.environment)
        environment.push_back(one.reveal());
    const std::vector<std::string> wanted{"HR_TOKEN=t0ken-of-hr", "TENANT=acme", "PATH=/opt/bin"};
    BOOST_TEST(environment == wanted, boost::test_tools::per_element());
    BOOST_REQUIRE(what.secrets.size() == 1U);
    BOOST_TEST(what.secrets[0].reveal() == "t0ken-of-hr");
    BOOST_TEST(what.program.working_directory == "/tmp");
    BOOST_TEST(what.timeout.count() == 90'000);
    BOOST_TEST(what.idle.count() == 0);
    BOOST_TEST(*what.program.memory_bytes == 2048ULL * 1024 * 1024);
    BOOST_TEST(what.actions.size() == 3U);
    BOOST_TEST(what.application.has_value());
    BOOST_REQUIRE(what.used.size() == 1U);
    BOOST_TEST(what.used[0].where.text().starts_with("m.yaml:"));
}

BOOST_AUTO_TEST_CASE(each_mistake_is_told_where_it_stands)
{
    const std::vector<std::pair<std::string, std::string>> table{
        {"timeout: 60s\n", "m.yaml:1:1: the mapping file needs \"command\""},
        {"command: []\n", "m.yaml:4:10: \"command\" is a list: the program, then its arguments"},
        {"command: [sh, -c]\n",
         "m.yaml:4:11: \"sh\" is not looked for in $PATH; write out where it is, as in /usr/local/bin/sh"},
        {"command: [/no/such/program]\n", "m.yaml:4:11: there is no program /no/such/program"},
        {"command: [/etc/passwd]\n", "m.yaml:4:11: /etc/passwd is no program that can be executed"},
        {"command: [/bin]\n", "m.yaml:4:11: /bin is no program that can be executed"},
        {"command: [/bin/sh, !env HOME]\n",
         "m.yaml:4:20: everybody on this machine can see the command of a program, so it is written out; give it what "
         "!env holds by environment: {NAME: !env …}"},
        {"command: /bin/sh\nenvironment: {A-B: c}\n", "m.yaml:5:15: \"A-B\" is no name of an environment variable"},
        {"command: /bin/sh\nenvironment: [A]\n", "m.yaml:5:14: \"environment\" must be a mapping of names to values"},
        {"command: /bin/sh\nenvironment: {A: !env NOT_SET_AT_ALL}\n",
         "m.yaml:5:18: the environment variable NOT_SET_AT_ALL is not set"},
        {"command: /bin/sh\ncredentials: {token: !env HOME}\n",
         "m.yaml:5:14: \"exec\" has no credentials of its own; give them to the program by environment"},
        {"command: /bin/sh\nmemory: 100\n", "m.yaml:5:9: \"memory\" is written as 256 MiB, 2 GiB or none"},
        {"command: /bin/sh\nmemory: 1 MiB\n", "m.yaml:5:9: \"memory\" is written as 256 MiB, 2 GiB or none"},
        {"command: /bin/sh\nmemory: 99999999999999999999 GiB\n", "m.yaml:5:9: \"memory\" is written as"},
        {"command: /bin/sh\ntimeout: 0s\n", "m.yaml:5:10: \"timeout\" must be from 1s to 3600s"},
        {"command: /bin/sh\nactions: [note]\n", "m.yaml:5:10: \"actions\" must be a mapping of names to idempotent"},
        {"command: /bin/sh\nactions: {note: idempotnet}\n",
         "m.yaml:5:17: \"note\" must be idempotent, checkable or uncertain, not \"idempotnet\"; did you mean "
         "\"idempotent\"?"},
        {"command: /bin/sh\nactions: {note: uncertain}\nwrite_back:\n  invited:\n    - notes: text\n",
         "m.yaml:8:7: \"actions\" does not say what the program's action \"notes\" is; did you mean \"note\"? (it has: "
         "note)"},
        {"command: /bin/sh\nwrite_back:\n  invited:\n    - note: text\n",
         "m.yaml:7:7: \"actions\" does not say what the program's action \"note\" is; write actions: {note: "
         "uncertain}, or idempotent, or checkable"},
        {"command: /bin/sh\napplication: {url: x}\n", "m.yaml:5:14: \"application\" needs \"id\""},
        {"command: /bin/sh\napplication: {id: !jq '.['}\n", "m.yaml:5:19: "},
        {"command: /bin/sh\ncomand: x\n", "m.yaml:5:1: unknown key \"comand\" in the mapping file; did you mean "
                                          "\"command\"?"},
    };
    for (const auto& [text, wanted] : table) {
        const described read(text);
        BOOST_REQUIRE_MESSAGE(!read.found.empty(), text);
        BOOST_TEST(read.found.text().starts_with(wanted), text << read.found.text());
        BOOST_TEST(read.found.list().size() == 1U, read.found.text());
    }
}

BOOST_AUTO_TEST_CASE(a_program_that_anybody_can_change_and_a_secret_that_anybody_can_read_are_refused)
{
    auto name = (std::filesystem::temp_directory_path() / "exec-test.XXXXXX").string();
    const std::string directory = ::mkdtemp(name.data());
    const auto program = directory + "/program";
    std::ofstream(program) << "#!/bin/sh\n";
    ::chmod(program.c_str(), 0757);
    const described open("command: program\n", directory + "/m.yaml", {{}, directory});
    BOOST_TEST(open.found.text().find("\"program\" is not looked for in $PATH") != std::string::npos);
    const described relative("command: ./program\n", directory + "/m.yaml", {{}, directory});
    BOOST_TEST(relative.found.text().find("the program " + program + " can be changed by everybody") !=
               std::string::npos);

    std::ofstream(directory + "/m.yaml") << "a file that everybody may read";
    ::chmod((directory + "/m.yaml").c_str(), 0644);
    const described secret("command: /bin/sh\nenvironment: {HR_TOKEN: abc}\n", directory + "/m.yaml");
    BOOST_TEST(secret.found.text().find("a secret stands in a file that everybody on this machine can read") !=
               std::string::npos);
    std::filesystem::remove_all(directory);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::exec
