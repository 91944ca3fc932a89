#include "connectors/http/masking.hpp"

#include <boost/test/unit_test.hpp>

namespace testdome_sync::http {

BOOST_AUTO_TEST_SUITE(masking)

BOOST_AUTO_TEST_CASE(a_secret_that_begins_like_another_shows_nothing_of_it)
{
    const std::vector<config::secret> secrets{config::secret("token-1"), config::secret("token-12345"),
                                              config::secret("1234567")};
    BOOST_TEST(without("token-12345, token-1, token-2 and 12345678", secrets) == "…, …, token-2 and …8");
}

BOOST_AUTO_TEST_CASE(what_is_short_is_left)
{
    BOOST_TEST(without("a key: abc", {config::secret("abc"), config::secret("")}) == "a key: abc");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::http
