#include "daemon/event_reference.hpp"

#include "sync/events.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace testdome_sync::daemon {
namespace fs = std::filesystem;
namespace {

/// All sources of the program but the table itself.
std::string sources()
{
    std::ostringstream all;
    for (const auto* folder : {"sync", "connectors", "daemon"})
        for (const auto& entry : fs::recursive_directory_iterator(fs::path(TESTDOME_SYNC_SOURCE_DIR) / folder))
            if (entry.path().extension() == ".cpp")
                all << std::ifstream(entry.path()).rdbuf();
    return all.str();
}

std::size_t count(const std::string& text, const std::string& words)
{
    std::size_t found = 0;
    for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1))
        ++found;
    return found;
}

} // namespace

BOOST_AUTO_TEST_SUITE(event_reference_suite)

BOOST_AUTO_TEST_CASE(every_event_has_a_name_and_an_id_of_its_own_and_says_what_happened_what_it_means_and_what_to_do)
{
    std::set<std::string_view> ids, names;
    for (const auto& type : sync::event_types) {
        BOOST_TEST(names.insert(type.name).second, type.name);
        BOOST_TEST(ids.insert(type.message_id).second, type.name);
        BOOST_TEST((type.message_id.size() == 32U &&
                    type.message_id.find_first_not_of("0123456789abcdef") == std::string_view::npos),
                   type.name);
        for (const auto sentences : {type.happened, type.means, type.remedy})
            BOOST_TEST(sentences.ends_with('.'), type.name << ": " << sentences);
    }
}

BOOST_AUTO_TEST_CASE(the_table_has_no_event_that_the_program_never_tells)
{
    const auto all = sources();
    BOOST_REQUIRE(all.size() > 100'000U);
    for (const auto& type : sync::event_types)
        BOOST_TEST(all.find('"' + std::string(type.name) + '"') != std::string::npos, type.name);
}

BOOST_AUTO_TEST_CASE(the_catalog_has_one_entry_for_each_event_and_the_journals_names_for_fields)
{
    const auto catalog = message_catalog();
    BOOST_TEST(count(catalog, "\n-- ") == sync::event_types.size());
    for (const auto& type : sync::event_types)
        BOOST_TEST(count(catalog, "\n-- " + std::string(type.message_id) +
                                      "\nSubject: testdome-sync: " + std::string(type.name) + '\n') == 1U,
                   type.name);
    BOOST_TEST(count(catalog, "`testdome-sync show @TDS_ASSESSMENT@` tells why;") == 1U);
    BOOST_TEST(count(catalog, "{") == 0U);
    std::istringstream lines(catalog);
    for (std::string line; std::getline(lines, line);)
        BOOST_TEST(line.size() <= 120U, line);
}

BOOST_AUTO_TEST_CASE(the_reference_tells_of_each_event_its_level_id_and_fields)
{
    const auto page = event_reference();
    for (const auto& type : sync::event_types) {
        BOOST_TEST(count(page, "| `" + std::string(type.name) + "` | ") == 1U, type.name);
        BOOST_TEST(count(page, "\n## " + std::string(type.name) + "\n") == 1U, type.name);
    }
    BOOST_TEST(count(page,
                     "info · message id `47b218863933419f8e51ad471a8b1c38` · fields: sometimes `mapping`, sometimes "
                     "`application`, sometimes `assessment`, sometimes `test`, sometimes `applicant`\n") == 1U);
    BOOST_TEST(count(page, "`testdome-sync show ASSESSMENT` lists the decisions.") == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::daemon
