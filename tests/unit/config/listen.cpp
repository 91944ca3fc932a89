#include "config/load.hpp"
#include "config/read_listen.hpp"
#include "config/read_webhook.hpp"

#include <boost/test/unit_test.hpp>

namespace testdome_sync::config {
namespace {

const tag_sources here{"", "/etc/testdome-sync"};

struct understood {
    listen_settings listen;
    webhook_settings webhook;
    std::string complaint;
};

std::shared_ptr<const source> source_of(const std::string& text)
{
    auto made = std::make_shared<source>();
    made->name = "testdome-sync.yaml";
    made->text = text;
    return made;
}

understood listen_of(const std::string& text)
{
    understood made;
    problems found;
    const auto library = jq_library::create();
    const auto tree = parse_yaml(source_of(text), found);
    if (tree)
        made.listen = read_listen(*tree, *library, here, found);
    made.complaint = found.text();
    return made;
}

understood webhook_of(const std::string& text, bool may_be_signed = true)
{
    understood made;
    problems found;
    const auto library = jq_library::create();
    const auto tree = parse_yaml(source_of(text), found);
    if (tree)
        made.webhook = read_webhook(*tree, "\"webhook\"", may_be_signed, *library, here, found);
    made.complaint = found.text();
    return made;
}

bool holds(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(listen)

BOOST_AUTO_TEST_CASE(loopback_and_a_unix_socket_need_no_more_than_their_address)
{
    for (const std::string text :
         {"127.0.0.1:8642", "127.8.9.1:0", "'[::1]:8642'", "unix:/run/testdome-sync/http.sock"}) {
        const auto read = listen_of(text);
        BOOST_TEST(read.complaint == "");
        BOOST_TEST(read.listen.is_on());
        BOOST_TEST(!read.listen.has_tls());
        BOOST_TEST(holds(text, read.listen.address()));
    }
    BOOST_TEST(listen_of("'[::1]:8642'").listen.host == "::1");
    BOOST_TEST(listen_of("unix:/run/x.sock").listen.path == "/run/x.sock");
}

BOOST_AUTO_TEST_CASE(what_other_machines_can_reach_is_refused_without_tls)
{
    for (const std::string text : {"0.0.0.0:8642", "192.168.1.5:8642", "'[::]:8642'", "'[2001:db8::1]:443'",
                                   "{address: '0.0.0.0:8642'}", "'[::ffff:192.168.1.5]:8642'"})
        BOOST_TEST(holds(listen_of(text).complaint, "can be reached from other machines"), text);
    const auto with_tls = listen_of("{address: '0.0.0.0:8642', certificate: tls.pem, key: /etc/ssl/tls.key}");
    BOOST_TEST(with_tls.complaint == "");
    BOOST_TEST(with_tls.listen.certificate == "/etc/testdome-sync/tls.pem");
    BOOST_TEST(with_tls.listen.key == "/etc/ssl/tls.key");
}

BOOST_AUTO_TEST_CASE(what_is_no_address_is_told)
{
    for (const std::string text :
         {"everywhere", "localhost:8642", "127.0.0.1", "'127.0.0.1:'", "127.0.0.1:65536", "127.0.0.1:-1",
          "127.0.0.1:80x", "::1:8642", "'[127.0.0.1]:80'", "unix:http.sock", "'unix:'", "':8642'", "8642"})
        BOOST_TEST(holds(listen_of(text).complaint, "\"listen\" is written as ADDRESS:PORT"), text);
    BOOST_TEST(holds(listen_of("unix:/" + std::string(200, 'x')).complaint, "\"listen\" is written as"));
    BOOST_TEST(holds(listen_of("{certificate: a, key: b}").complaint, "needs \"address\""));
    BOOST_TEST(holds(listen_of("{address: '127.0.0.1:1', key: b}").complaint, "both \"certificate\" and \"key\""));
    BOOST_TEST(holds(listen_of("{address: 'unix:/x', certificate: a, key: b}").complaint, "a Unix socket has no TLS"));
    BOOST_TEST(holds(listen_of("{address: '127.0.0.1:1', cert: b}").complaint, "unknown key \"cert\""));
}

BOOST_AUTO_TEST_CASE(a_webhook_has_a_secret_path_or_a_signature)
{
    const auto by_path = webhook_of("{secret: 0123456789abcdef0123456789abcdef}");
    BOOST_TEST(by_path.complaint == "");
    BOOST_TEST(by_path.webhook.is_on());
    const auto by_signature = webhook_of("{hmac_key: k, header: X-Signature}");
    BOOST_TEST(by_signature.complaint == "");
    BOOST_TEST(by_signature.webhook.header == "X-Signature");
    BOOST_TEST(!webhook_settings{}.is_on());
}

BOOST_AUTO_TEST_CASE(a_webhook_that_anybody_could_use_is_refused_and_its_secret_not_shown)
{
    for (const auto& [text, complaint] : std::vector<std::pair<std::string, std::string>>{
             {"{secret: hunter2}", "22 to 128 letters, digits, - and _"},
             {"{secret: 'hunter2/hunter2/hunter2/hunter2'}", "22 to 128 letters"},
             {"{}", "has either \"secret\" or \"hmac_key\" and \"header\""},
             {"{secret: 0123456789abcdef0123456789abcdef, hmac_key: hunter2, header: X-S}", "has either \"secret\""},
             {"{hmac_key: hunter2}", "belong together"},
             {"{hmac_key: hunter2, header: 'X Signature'}", "is the name of a header field"}}) {
        const auto read = webhook_of(text);
        BOOST_TEST(holds(read.complaint, complaint), text << ": " << read.complaint);
        BOOST_TEST(!holds(read.complaint, "hunter2"), read.complaint);
    }
    BOOST_TEST(holds(webhook_of("{hmac_key: k, header: X}", false).complaint, "unknown key \"hmac_key\""));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::config
