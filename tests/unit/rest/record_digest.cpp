#include "connectors/rest/record_digest.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <string>

namespace testdome_sync::rest {

namespace {

record_digest of(const std::string& text)
{
    return digest_of(boost::json::parse(text));
}

} // namespace

BOOST_AUTO_TEST_SUITE(record_digests)

BOOST_AUTO_TEST_CASE(the_same_record_has_the_same_digest_wherever_it_stands_in_memory)
{
    const std::string record = R"({"id":7,"name":"Ada","tags":["a","b"],"score":1.5,"more":{"x":null,"y":true}})";
    BOOST_TEST((of(record) == of(record)));
}

BOOST_AUTO_TEST_CASE(records_that_differ_anywhere_have_different_digests)
{
    const std::array<std::string, 16> records{R"({"a":"b"})",      R"({"a":"c"})", R"({"b":"b"})",  R"({"a":["b"]})",
                                              R"({"a":{"b":""}})", R"({"ab":""})", R"({"a":1})",    R"({"a":2})",
                                              R"({"a":1.5})",      R"({"a":"1"})", R"({"a":true})", R"({"a":false})",
                                              R"({"a":null})",     R"({})",        R"([])",         R"(["a","b"])"};
    for (std::size_t i = 0; i < records.size(); ++i)
        for (std::size_t k = 0; k < i; ++k)
            BOOST_TEST((of(records[i]) != of(records[k])), records[i] << " and " << records[k]);
}

BOOST_AUTO_TEST_CASE(one_values_end_does_not_pass_for_the_next_ones_beginning)
{
    BOOST_TEST((of(R"(["ab","c"])") != of(R"(["a","bc"])")));
    BOOST_TEST((of(R"([["a"],"b"])") != of(R"([["a","b"]])")));
    BOOST_TEST((of(R"([{"a":1},2])") != of(R"([{"a":1,"b":2}])")));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::rest
