#include "connectors/sql/database.hpp"
#include "connectors/sql/errors.hpp"

#include <boost/test/unit_test.hpp>

namespace testdome_sync::sql {
using sync::errc;

BOOST_AUTO_TEST_SUITE(failures)

BOOST_AUTO_TEST_CASE(what_a_database_says_decides_what_is_done_next)
{
    BOOST_TEST((trouble_of_sqlstate("40P01") == trouble::busy));
    BOOST_TEST((trouble_of_sqlstate("40001") == trouble::busy));
    BOOST_TEST((trouble_of_sqlstate("40003") == trouble::lost));
    BOOST_TEST((trouble_of_sqlstate("55P03") == trouble::busy));
    BOOST_TEST((trouble_of_sqlstate("23505") == trouble::refused));
    BOOST_TEST((trouble_of_sqlstate("22001") == trouble::refused));
    BOOST_TEST((trouble_of_sqlstate("42501") == trouble::denied));
    BOOST_TEST((trouble_of_sqlstate("42P01") == trouble::wrong_statement));
    BOOST_TEST((trouble_of_sqlstate("57P01") == trouble::lost));
    BOOST_TEST((trouble_of_sqlstate("57014") == trouble::too_long));
    BOOST_TEST((trouble_of_sqlstate("08006") == trouble::lost));
    BOOST_TEST((trouble_of_sqlstate("XX000") == trouble::unknown));
    BOOST_TEST((trouble_of_mariadb(1213) == trouble::busy));
    BOOST_TEST((trouble_of_mariadb(1205) == trouble::busy));
    BOOST_TEST((trouble_of_mariadb(1062) == trouble::refused));
    BOOST_TEST((trouble_of_mariadb(1045) == trouble::denied));
    BOOST_TEST((trouble_of_mariadb(1146) == trouble::wrong_statement));
    BOOST_TEST((trouble_of_mariadb(2013) == trouble::lost));
    BOOST_TEST((trouble_of_mariadb(2002) == trouble::unreachable));
    BOOST_TEST((trouble_of_mariadb(1969) == trouble::too_long));
    BOOST_TEST((trouble_of_mariadb(9999) == trouble::unknown));
}

BOOST_AUTO_TEST_CASE(only_after_the_point_of_no_return_is_an_outcome_unknown)
{
    for (const auto kind : {trouble::lost, trouble::too_long, trouble::unknown, trouble::unreachable}) {
        BOOST_TEST((failure_of({kind, ""}).code == errc::not_sent));
        BOOST_TEST((failure_of({kind, ""}, true).code == errc::outcome_unknown));
    }
    for (const bool irrevocable : {false, true}) { // the database has said no
        BOOST_TEST((failure_of({trouble::busy, ""}, irrevocable).code == errc::not_sent));
        BOOST_TEST((failure_of({trouble::refused, ""}, irrevocable).code == errc::refused));
        BOOST_TEST((failure_of({trouble::denied, ""}, irrevocable).code == errc::denied));
    }
}

BOOST_AUTO_TEST_CASE(what_a_database_quotes_of_the_data_is_left_out)
{
    const auto maria = [](const std::string& text, trouble kind) {
        return without_data(text, kind, database_type::mariadb);
    };
    BOOST_TEST(maria("Duplicate entry 'ada@example.com' for key 'email'", trouble::refused) ==
               "Duplicate entry '…' for key 'email'");
    BOOST_TEST(maria("Duplicate entry 'O'Neil' for key 'name'", trouble::refused) ==
               "Duplicate entry '…' for key 'name'");
    BOOST_TEST(maria("Incorrect string value: '\\xF0\\x9F' for column `hr`.`t`.`notes` at row 1", trouble::refused) ==
               "Incorrect string value: '…' for column `hr`.`t`.`notes` at row 1");
    BOOST_TEST(maria("You have an error in your SQL syntax near 'Ada Byron' at line 1", trouble::wrong_statement) ==
               "You have an error in your SQL syntax near '…' at line 1");
    BOOST_TEST(maria("Column 'notes' cannot be null", trouble::refused) == "Column 'notes' cannot be null");
    const auto postgres = [](const std::string& text, trouble kind) {
        return without_data(text, kind, database_type::postgresql);
    };
    BOOST_TEST(postgres("ERROR:  duplicate key value violates unique constraint \"email_key\"\nDETAIL:  Key "
                        "(email)=(ada@example.com) already exists.",
                        trouble::refused) == "ERROR:  duplicate key value violates unique constraint \"email_key\"");
    BOOST_TEST(postgres("ERROR:  invalid input syntax for type integer: \"Ada \"B\"\"", trouble::refused) ==
               "ERROR:  invalid input syntax for type integer: \"…\"");
    BOOST_TEST(postgres("ERROR:  relation \"notes\" does not exist", trouble::wrong_statement) ==
               "ERROR:  relation \"notes\" does not exist");
}

BOOST_AUTO_TEST_CASE(either_the_worker_goes_ahead_or_the_loop_gives_up)
{
    decision first;
    BOOST_TEST(first.go_ahead());
    BOOST_TEST(!first.give_up());
    BOOST_TEST(first.go_ahead());
    decision second;
    BOOST_TEST(second.give_up());
    BOOST_TEST(!second.go_ahead());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::sql
