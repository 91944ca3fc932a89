#include "sync/application_pile.hpp"
#include "sync/documents.hpp"
#include "sync/text_packer.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace testdome_sync::sync {
namespace {

application numbered(int number)
{
    application made;
    made.id = std::to_string(number);
    made.url = "https://hr.example.com/" + made.id;
    made.applied_at = time_from("2026-11-24T07:00:00Z");
    made.status = "active";
    made.applicant = {"p" + made.id, "Ada", "Byron", "Ada Byron", "ada" + made.id + "@example.com"};
    made.raw = boost::json::parse(R"({"score":1.5e2,"big":18446744073709551615,"none":null,"name":"Žofia \n\u0001"})");
    made.raw.as_object()["number"] = number;
    made.fingerprint = fingerprint_of(to_document(made));
    return made;
}

std::vector<int> numbers_in(const application_pile& pile)
{
    std::vector<int> found;
    for (const auto& one : pile)
        found.push_back(std::stoi(one.id));
    return found;
}

constexpr int many = static_cast<int>(application_pile::kept_as_they_are) + 100;

application_pile pile_of_many()
{
    application_pile pile;
    for (int i = 0; i < many; ++i)
        pile.push_back(numbered(i));
    return pile;
}

} // namespace

BOOST_AUTO_TEST_SUITE(piles)

BOOST_AUTO_TEST_CASE(applications_come_out_as_they_went_in_packed_or_not)
{
    auto pile = pile_of_many();
    BOOST_REQUIRE(pile.size() == static_cast<std::size_t>(many));
    for (int i = 0; i < many; ++i) {
        const auto place = static_cast<std::size_t>(i);
        BOOST_TEST(to_document(pile[place]) == to_document(numbered(i)));
        BOOST_TEST(pile[place].fingerprint == numbered(i).fingerprint);
        BOOST_TEST(fingerprint_of(to_document(pile[place])) == numbered(i).fingerprint);
        BOOST_TEST(to_document(pile.take(place)) == to_document(numbered(i)));
    }
}

BOOST_AUTO_TEST_CASE(one_can_be_replaced_or_erased_wherever_it_is)
{
    auto pile = pile_of_many();
    for (const std::size_t place : {std::size_t{0}, pile.size() - 1}) {
        pile.replace(place, numbered(7777));
        BOOST_TEST(pile[place].applicant.email == "ada7777@example.com");
    }
    pile.erase(pile.size() - 1);
    pile.erase(0);
    std::vector<int> rest;
    for (int i = 1; i < many - 1; ++i)
        rest.push_back(i);
    BOOST_TEST(numbers_in(pile) == rest, boost::test_tools::per_element());
    pile.push_back(numbered(many));
    BOOST_TEST(numbers_in(pile).back() == many);
}

BOOST_AUTO_TEST_CASE(texts_that_are_alike_take_a_fraction_and_others_come_back_as_well)
{
    const std::string record =
        R"({"id":1,"candidate":{"name":"Ada Byron","emails":["ada@example.com"]},"answers":["yes","no"]})";
    text_packer packer(record);
    auto other = record;
    other.replace(other.find("Ada"), 3, "Eve");
    BOOST_TEST(packer.pack(other).size() < other.size() / 3);
    for (const auto& text : {other, std::string(), std::string(100'000, 'x'), std::string("\0\xFF\n", 3)})
        BOOST_TEST(packer.unpack(packer.pack(text)) == text);
    text_packer moved = std::move(packer);
    BOOST_TEST(moved.unpack(moved.pack(other)) == other);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::sync
