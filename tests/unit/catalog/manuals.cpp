#include "connectors/catalog/manuals.hpp"
#include "connectors/registry.hpp"
#include "tests/support/mapping_text.hpp"

#include <boost/test/unit_test.hpp>

namespace testdome_sync::catalog {
namespace {

/// What the connector says of a mapping that has this key with a value that fits nowhere, one problem a line.
std::string complaints(std::string_view connector, const std::string& key)
{
    config::problems found;
    const auto mapping = testing::mapping_from(std::string(connector), key + ": {}\n", {}, found);
    BOOST_REQUIRE(mapping);
    connectors::read_connector(*mapping, found);
    return found.text();
}

} // namespace

BOOST_AUTO_TEST_SUITE(of_connectors)

BOOST_AUTO_TEST_CASE(each_has_facts_and_an_example_of_its_own)
{
    for (const auto& one : manuals()) {
        const auto sheet = sheet_of_connector(one.name, "a summary");
        BOOST_REQUIRE(sheet);
        BOOST_TEST(sheet->summary == "a summary");
        BOOST_TEST(!sheet->settings.empty(), one.name);
        BOOST_TEST(!sheet->scopes.empty(), one.name);
        BOOST_TEST(!sheet->caveats.empty(), one.name);
        BOOST_TEST(!sheet->actions.empty(), one.name);
        BOOST_TEST(sheet->example.find("\nconnector: " + std::string(one.name)) != std::string::npos, one.name);
        for (const auto& setting : sheet->settings)
            BOOST_TEST(!setting.type.empty(), setting.name);
    }
    BOOST_TEST(!sheet_of_connector("greenhouse", ""));
}

BOOST_AUTO_TEST_CASE(every_key_that_is_told_is_one_that_the_connector_reads)
{
    for (const auto& one : manuals()) {
        const auto sheet = sheet_of_connector(one.name, "");
        for (const auto& setting : sheet->settings) {
            const auto key = setting.name.substr(0, setting.name.find_first_of(".,"));
            if (key == "*")
                continue;
            BOOST_TEST(complaints(one.name, key).find("unknown key \"" + key) == std::string::npos, key);
        }
    }
    BOOST_TEST(complaints("csv", "filse").find("unknown key \"filse") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::catalog
