#include "daemon/bug_report/outline.hpp"

#include <boost/test/unit_test.hpp>

namespace testdome_sync::bug_report {
namespace {

std::string outlined(const std::string& yaml)
{
    config::problems found;
    auto file = std::make_shared<config::source>();
    file->name = "engineering.yaml";
    file->text = yaml;
    const auto tree = config::parse_yaml(file, found);
    BOOST_REQUIRE(tree);
    redactor hide;
    hide_secrets(*tree, {}, hide);
    return outline(*tree, hide);
}

} // namespace

BOOST_AUTO_TEST_SUITE(outlines)

BOOST_AUTO_TEST_CASE(structure_numbers_switches_and_words_of_the_product_stay)
{
    BOOST_TEST(outlined("connector: greenhouse\n"
                        "poll: {every: 2m, start: 2026-01-31, overlap: 1h}\n"
                        "rules:\n"
                        "  - name: Grace's people\n"
                        "    approve: true\n"
                        "    repeat: after 180d\n") == "  connector: greenhouse\n"
                                                       "  poll:\n"
                                                       "    every: 2m\n"
                                                       "    start: 2026-01-31\n"
                                                       "    overlap: 1h\n"
                                                       "  rules:\n"
                                                       "    -\n"
                                                       "      name: (text of 14 bytes)\n"
                                                       "      approve: true\n"
                                                       "      repeat: after 180d\n");
}

BOOST_AUTO_TEST_CASE(expressions_stay_without_their_texts_comments_and_what_is_in_an_interpolation)
{
    BOOST_TEST(outlined("when: !jq .job.name == \"Grace\" and .score > 80 # as Ada wants\n") ==
               "  when: !jq .job.name == \"…\" and .score > 80\n");
    BOOST_TEST(outlined("when: !jq '\"to \\(.name + \"Ada\" + (\"B\")) Grace\" == .x'\n") ==
               "  when: !jq \"…\" == .x\n");
    BOOST_TEST(outlined("message: 'Hello {{ .applicant.name }}, yours, Ada {{ \"Grace\" }}'\n") ==
               "  message: …{{ .applicant.name }}…{{ \"…\" }}\n");
}

BOOST_AUTO_TEST_CASE(of_secrets_the_name_stays_and_of_addresses_the_host)
{
    BOOST_TEST(outlined("url: https://ada:pw@hr.example.com/v3?key=secret\n"
                        "credentials:\n"
                        "  client_id: !credential greenhouse-client-id\n"
                        "  pin: 4711\n"
                        "ca_file: /home/ada/ca.pem\n"
                        "key_file: !file /home/ada/key\n"
                        "listen: 127.0.0.1:8642\n"
                        "notify: {webhook: https://hooks.example.com/T0KEN}\n"
                        "headers: {X-Key: 12}\n"
                        "ledger: sqlite:/home/ada/ledger.db\n"
                        "Ada Lovelace: 1\n") == "  url: https://hr.example.com/…\n"
                                                "  credentials:\n"
                                                "    client_id: !credential greenhouse-client-id\n"
                                                "    pin: (not shown)\n"
                                                "  ca_file: (text of 16 bytes)\n"
                                                "  key_file: !file (a path)\n"
                                                "  listen: 127.0.0.1:8642\n"
                                                "  notify:\n"
                                                "    webhook: (not shown)\n"
                                                "  headers:\n"
                                                "    X-Key: (not shown)\n"
                                                "  ledger: sqlite:…\n"
                                                "  …: 1\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::bug_report
