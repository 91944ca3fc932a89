#include "sync/documents.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <set>

using namespace testdome_sync;
namespace json = boost::json;

BOOST_AUTO_TEST_SUITE(documents)

BOOST_AUTO_TEST_CASE(a_fingerprint_stays_the_same_from_one_version_to_the_next)
{
    // Another one would have every application of every ledger looked at again.
    BOOST_TEST(sync::fingerprint_of(json::parse(R"({"status":"active","raw":{"id":1}})")) == "5edbdb3d5f0a2237");
    BOOST_TEST(sync::fingerprint_of(json::object{}) == sync::fingerprint_of(json::value(json::object{})));
}

BOOST_AUTO_TEST_CASE(documents_that_differ_in_anything_have_different_fingerprints)
{
    std::set<std::string> all;
    for (const auto* text : {"null", "{}", "[]", "\"\"", "0", R"({"a":1})", R"({"a":"1"})", R"({"b":1})", R"([1,2])"})
        BOOST_TEST(all.insert(sync::fingerprint_of(json::parse(text))).second, text);
}

BOOST_AUTO_TEST_SUITE_END()
