#include "daemon/listener/cryptography.hpp"

#include <boost/test/unit_test.hpp>

namespace testdome_sync::listener {

BOOST_AUTO_TEST_SUITE(cryptography)

// RFC 4231, test case 2.
constexpr std::string_view key = "Jefe", message = "what do ya want for nothing?";
constexpr std::string_view in_hexadecimal = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
constexpr std::string_view in_base64 = "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=";

BOOST_AUTO_TEST_CASE(a_signature_is_understood_in_each_of_its_spellings)
{
    const auto wanted = hmac_sha256(key, message);
    for (const auto& text :
         {std::string(in_hexadecimal), "sha256=" + std::string(in_hexadecimal), "SHA256 " + std::string(in_hexadecimal),
          std::string(in_base64), "sha256=" + std::string(in_base64),
          std::string("5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843")}) {
        const auto given = signature_from(text);
        BOOST_REQUIRE(given.has_value());
        BOOST_TEST(are_same(*given, wanted), text);
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_signature_is_none)
{
    const std::string digits(in_hexadecimal);
    for (const auto& text : {std::string{}, std::string("sha256="), digits.substr(1), digits + '0',
                             digits.substr(1) + 'g', "sha1=" + digits, std::string(44, '='), std::string(44, 'A'),
                             std::string(43, '*') + '=', std::string("sha256")})
        BOOST_TEST(!signature_from(text), text);
}

BOOST_AUTO_TEST_CASE(secrets_are_the_same_only_if_they_are)
{
    BOOST_TEST(are_same_secret("abc", "abc"));
    for (const auto* other : {"", "ab", "abd", "abcd", "ABC"})
        BOOST_TEST(!are_same_secret(other, "abc"));
}

BOOST_AUTO_TEST_CASE(a_digest_is_written_as_a_policy_wants_it)
{
    BOOST_TEST(sha256_base64("") == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::listener
