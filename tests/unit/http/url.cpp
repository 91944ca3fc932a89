#include "connectors/http/url.hpp"
#include "connectors/http/inflate.hpp"
#include "connectors/http/message.hpp"
#include "connectors/http/oauth.hpp"
#include "connectors/http/retry_after.hpp"
#include "sync/application.hpp"

#include <boost/test/unit_test.hpp>

namespace testdome_sync::http {

BOOST_AUTO_TEST_SUITE(urls_and_values)

BOOST_AUTO_TEST_CASE(an_https_url_is_taken_apart)
{
    const auto to = parse_url("https://Example.com:8443/v3/x?a=b%7Cc");
    BOOST_REQUIRE(to);
    BOOST_TEST(to->host == "example.com");
    BOOST_TEST(to->port == 8443);
    BOOST_TEST(to->target == "/v3/x?a=b%7Cc");
    BOOST_TEST(to->authority() == "example.com:8443");
    BOOST_TEST(parse_url("https://[::1]")->authority() == "[::1]");
    BOOST_TEST(parse_url("https://[::1]")->is_address());
}

BOOST_AUTO_TEST_CASE(everything_that_is_not_plain_https_is_refused)
{
    for (const auto* url :
         {"http://example.com", "ftp://example.com", "https://", "example.com", "https://user@example.com/",
          "https://example.com/a b", "https://example.com/a\r\nX: y", "https://example.com:0/", "https://[::1]:84x/y",
          "https://%40example.com/", "https://a%0d%0aX:y/", "https://example.com%2f/", ""})
        BOOST_TEST(!parse_url(url), url);
}

BOOST_AUTO_TEST_CASE(what_is_printed_of_a_url_holds_no_query_user_or_address)
{
    BOOST_TEST(printable_url("https://u:p@example.com/v1/x?apikey=secret#f") == "https://example.com/v1/x");
    BOOST_TEST(printable_url("https://example.com/api/ada%40example.com/tags") == "https://example.com/api/…/tags");
}

BOOST_AUTO_TEST_CASE(no_proxy_excludes_hosts_and_domains)
{
    BOOST_TEST(bypasses_proxy("api.example.com", "example.com"));
    BOOST_TEST(bypasses_proxy("api.example.com", "other.org, .example.com"));
    BOOST_TEST(bypasses_proxy("anything", "*"));
    BOOST_TEST(!bypasses_proxy("badexample.com", "example.com"));
    BOOST_TEST(!bypasses_proxy("example.com", ""));
}

BOOST_AUTO_TEST_CASE(values_are_encoded_for_urls_forms_and_headers)
{
    BOOST_TEST(percent_encoded("gte|2026-11-24 a/b~ü") == "gte%7C2026-11-24%20a%2Fb~%C3%BC");
    BOOST_TEST(form_encoded("a b&c=d~") == "a+b%26c%3Dd%7E");
    BOOST_TEST(base64("sandbox:sandbox-secret") == "c2FuZGJveDpzYW5kYm94LXNlY3JldA==");
    BOOST_TEST(base64("a") == "YQ==");
    BOOST_TEST(base64("") == "");
}

BOOST_AUTO_TEST_CASE(a_wait_is_read_in_seconds_and_in_all_three_forms_of_date)
{
    const auto now = *sync::time_from("1994-11-06T08:49:00Z");
    const auto wait = [&](const char* text) {
        response answer;
        answer.headers.set("Retry-After", text);
        const auto found = retry_after(answer, now);
        return found ? found->count() : -1;
    };
    BOOST_TEST(wait("120") == 120);
    BOOST_TEST(wait("Sun, 06 Nov 1994 08:49:37 GMT") == 37);
    BOOST_TEST(wait("Sunday, 06-Nov-94 08:49:37 GMT") == 37);
    BOOST_TEST(wait("Sun Nov  6 08:49:37 1994") == 37);
    BOOST_TEST(wait("Sun, 06 Nov 1994 08:00:00 GMT") == 0);
    BOOST_TEST(wait("Fri, 31 Dec 9999 23:59:59 GMT") == 86400);
    BOOST_TEST(wait("Sat, 01 Jan 0000 00:00:00 GMT") == 0);
    BOOST_TEST(wait("99999999999999") == 86400);
    BOOST_TEST(wait("soon") == -1);
    BOOST_TEST(wait("-5") == 0);
}

BOOST_AUTO_TEST_CASE(damaged_compression_is_noticed)
{
    std::string text;
    BOOST_TEST((inflate("this is not gzip", 100, text) == inflate_outcome::damaged));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::http
