#include "daemon/bug_report/redactor.hpp"

#include <boost/test/unit_test.hpp>

namespace testdome_sync::bug_report {

BOOST_AUTO_TEST_SUITE(redactors)

BOOST_AUTO_TEST_CASE(secrets_are_hidden_wherever_they_stand_and_a_longer_one_as_a_whole)
{
    redactor hide;
    hide.hide_secret("hunter2");
    hide.hide_secret("hunter2-and-more");
    hide.hide_secret("x"); // would be everywhere
    BOOST_TEST(hide("axhunter2x: hunter2-and-more") == "ax…x: …");
}

BOOST_AUTO_TEST_CASE(names_are_hidden_as_words_but_not_where_a_short_one_is_a_common_word)
{
    redactor hide;
    hide.hide_name("Ada May Lovelace-Ångström");
    BOOST_TEST(hide("LOVELACE, ada lovelace (Ada May) wrote to Ångström in May; it may last") ==
               "…, ada … (… …) wrote to … in …; it may last");
    BOOST_TEST(hide("Adaptation") == "Adaptation");
}

BOOST_AUTO_TEST_CASE(addresses_keys_and_homes_are_hidden_without_being_told)
{
    const redactor hide;
    BOOST_TEST(hide("to ada@example.com") == "to a…@example.com");
    BOOST_TEST(hide("token=sk_live_51HyGzzKZ9Q2, id 4711, candidates/123") == "…, id 4711, candidates/123");
    BOOST_TEST(hide("/home/ada/hr/ledger.db: no such file") == "/home/…/hr/ledger.db: no such file");
    BOOST_TEST(hide("one\ntwo\x1b[31m") == "one two\\x1b[31m");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::bug_report
