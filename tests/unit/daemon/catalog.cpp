#include "sync/events.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <set>
#include <sstream>

namespace testdome_sync::daemon {

BOOST_AUTO_TEST_SUITE(message_catalog)

BOOST_AUTO_TEST_CASE(every_event_has_an_id_of_its_own_and_a_catalog_entry)
{
    std::ostringstream text;
    text << std::ifstream(TESTDOME_SYNC_SOURCE_DIR "/systemd/testdome-sync.catalog").rdbuf();
    const auto catalog = text.str();
    std::set<std::string_view> ids, names;
    for (const auto& type : sync::event_types()) {
        BOOST_TEST(ids.insert(type.message_id).second, type.name);
        BOOST_TEST(names.insert(type.name).second, type.name);
        BOOST_TEST(type.message_id.size() == 32U);
        const auto entry =
            "-- " + std::string(type.message_id) + "\nSubject: testdome-sync: " + std::string(type.name) + '\n';
        BOOST_TEST(catalog.find(entry) != std::string::npos, type.name);
        BOOST_TEST(catalog.find(type.meaning) != std::string::npos, type.name);
    }
}

BOOST_AUTO_TEST_CASE(names_and_addresses_are_masked)
{
    BOOST_TEST(sync::masked_email("ada@example.com") == "a…@example.com");
    BOOST_TEST(sync::masked_email("ärger@example.com") == "ä…@example.com");
    BOOST_TEST(sync::masked_email("") == "");
    BOOST_TEST(sync::masked_name("Ada Lovelace Byron") == "A. L. B.");
    BOOST_TEST(sync::printable("to ada@example.com, now") == "to a…@example.com, now");
    BOOST_TEST(sync::printable(std::string(400, 'x')).size() == 303U);
    BOOST_TEST(sync::printable("Čć … 😀") == "Čć … 😀");
    BOOST_TEST(sync::printable("NULL\xAC, cut \xE2\x80") == "NULL\\xac, cut \\xe2\\x80");
    BOOST_TEST(sync::printable("\xC0\xAF \xED\xA0\x80 \xF4\x90\x80\x80") ==
               "\\xc0\\xaf \\xed\\xa0\\x80 \\xf4\\x90\\x80\\x80");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::daemon
