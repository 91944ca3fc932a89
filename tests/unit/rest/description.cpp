#include "connectors/rest/presets.hpp"
#include "tests/unit/rest/described.hpp"

#include <boost/test/unit_test.hpp>

namespace testdome_sync::rest {
namespace {

std::string complaint(const std::string& text)
{
    const described made(text);
    const auto all = made.found.text();
    return all.substr(0, all.find('\n'));
}

} // namespace

BOOST_AUTO_TEST_SUITE(descriptions)

BOOST_AUTO_TEST_CASE(the_least_description_is_enough)
{
    const described made(least);
    BOOST_TEST(made.found.text() == "");
    BOOST_TEST(made.what.has_value());
}

BOOST_AUTO_TEST_CASE(whom_to_trust_is_read_from_files_beside_the_mapping)
{
    const described made(least + "ca_file: /etc/ssl/ca.pem\ncrl_file: ../crl.pem\n");
    BOOST_TEST(made.found.text() == "");
    BOOST_REQUIRE(made.what);
    BOOST_TEST(made.what->ca_file == "/etc/ssl/ca.pem");
    BOOST_TEST(made.what->crl_file == "../crl.pem"); // the mapping file of this test has no directory
    BOOST_TEST(complaint(least + "crl_fil: x\n").find("did you mean \"crl_file\"?") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(mistakes_are_told_where_they_stand)
{
    BOOST_TEST(complaint(least + "heders: {}\n") ==
               "m.yaml:7:1: unknown key \"heders\" in the mapping file; did you mean \"headers\"?");
    BOOST_TEST(complaint(least + "auth: {type: oauth2_client_credentials}\n") ==
               "m.yaml:7:7: \"auth\" of type oauth2_client_credentials needs \"token_url\"");
    BOOST_TEST(complaint(least + "auth: {type: oauth}\n").find("\"type\" must be none, basic") != std::string::npos);
    BOOST_TEST(complaint(least + "write_back: {completed: [{note: x}]}\n") ==
               "m.yaml:7:27: \"rest\" has no action \"note\"");
    BOOST_TEST(described("url: http://hr.example.com\n").found.text().find("is no https:// URL") != std::string::npos);
    BOOST_TEST(complaint(least + "parameters: {token: {description: the key}}\n")
                   .find("\"credentials\" needs \"token\": the key") != std::string::npos);
    BOOST_TEST(
        complaint(least + "actions: {note: {request: {path: /n}, alredy: {}}}\n").find("did you mean \"already\"?") !=
        std::string::npos);
}

BOOST_AUTO_TEST_CASE(paging_asks_for_what_it_needs)
{
    const auto with = [](const std::string& paging) {
        return complaint(
            "url: https://hr.example.com/v1\nlist: {request: {path: /apps}, records: !jq '.body[]', paging: " + paging +
            "}\napplication: {id: !jq .id}\n");
    };
    BOOST_TEST(with("{type: cursor, parameter: c}").find("paging of type cursor needs \"next\"") != std::string::npos);
    BOOST_TEST(with("{type: page, size: 10}").find("paging of type page needs \"parameter\"") != std::string::npos);
    BOOST_TEST(with("{type: offset, parameter: o}").find("needs \"size\", \"more\" or \"total\"") != std::string::npos);
    BOOST_TEST(with("{type: link_header}") == "");
}

BOOST_AUTO_TEST_CASE(every_preset_that_ships_is_free_of_mistakes)
{
    const std::vector<std::string> here{TESTDOME_SYNC_SOURCE_DIR "/connectors/presets"};
    const auto names = preset_names(here);
    BOOST_TEST(std::ranges::count(names, "greenhouse") == 1);
    BOOST_TEST(std::ranges::count(names, "greenhouse.examples") == 0);
    config::problems of_examples;
    BOOST_TEST(!find_preset("greenhouse.examples", here, of_examples));
    for (const auto& name : names) {
        described made("", name);
        const auto preset = find_preset(name, here, made.found);
        BOOST_REQUIRE(preset);
        if (preset->find("connector")) // for another one, which has its own tests
            continue;
        for (const auto& [parameter, value] : preset->find("parameters")->members)
            made.mapping->credential_positions[parameter.text] = parameter.where;
        config::problems found;
        const auto library = config::jq_library::create();
        made.mapping->library = library;
        BOOST_TEST(read_description(*made.mapping, &*preset, found).has_value());
        library->compile(found);
        BOOST_TEST(found.text() == "", name);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::rest
