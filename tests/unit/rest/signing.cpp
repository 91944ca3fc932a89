// How requests are signed in, and what mappings with one credential share.
#include "tests/unit/rest/hr_system.hpp"

#include "connectors/http/oauth.hpp"
#include "connectors/http/shared_access.hpp"

namespace testdome_sync::rest {

using namespace std::chrono_literals;
using sync::errc;
using testing::json_answer;

namespace {

using list = std::vector<std::string>;

/// A list whose requests are signed in like that.
std::string signed_in(const std::string& auth, const std::string& more = {})
{
    return listing("",
                   "credentials: {id: the-id, secret: the-secret, refresh: the-refresh}\nauth: " + auth + '\n' + more);
}

/// Tokens as a ledger keeps them.
class kept final : public sync::token_store {
public:
    bool is_durable() const override { return true; }
    std::optional<sync::stored_token> find_token(const std::string& name) override
    {
        const auto found = all.find(name);
        return found == all.end() ? std::nullopt : std::optional(found->second);
    }
    void save_token(const std::string& name, const sync::stored_token& token) override { all[name] = token; }
    std::map<std::string, sync::stored_token> all;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(signing, hr_system)

BOOST_AUTO_TEST_CASE(each_way_of_signing_in_is_sent_as_it_is_known)
{
    on("GET /apps", R"({"rows":[]})");
    const auto header = [&](const std::string& auth, const char* name = "Authorization") {
        start(signed_in(auth));
        BOOST_TEST(ids() == "");
        return std::string(network.sent.back().headers.find(name).value_or("none"));
    };
    BOOST_TEST(header("{type: none}") == "none");
    BOOST_TEST(header("{type: basic, user: '{{ .credentials.id }}'}") == "Basic " + http::base64("the-id:"));
    BOOST_TEST(header("{type: basic, user: '{{ .credentials.id }}', value: '{{ .credentials.secret }}'}") ==
               "Basic " + http::base64("the-id:the-secret"));
    BOOST_TEST(header("{type: bearer, value: '{{ .credentials.secret }}'}") == "Bearer the-secret");
    BOOST_TEST(header("{type: header, name: Authorization, value: '{{ .credentials.secret }}'}") == "the-secret");
    BOOST_TEST(header("{type: header, name: Authorization, value: 'Token token={{ .credentials.secret }}'}") ==
               "Token token=the-secret");
    BOOST_TEST(header("{type: header, name: X-SmartToken, value: '{{ .credentials.secret }}'}", "X-SmartToken") ==
               "the-secret");
    BOOST_TEST(header("{type: header, name: Authorization, value: 'token {{ .credentials.id }}:{{ .credentials.secret "
                      "}}'}") == "token the-id:the-secret");
}

BOOST_AUTO_TEST_CASE(a_key_in_the_query_is_once_in_it_or_in_the_body)
{
    start(signed_in("{type: query, name: apikey, in_body: true, value: '{{ .credentials.secret }}'}",
                    "actions: {note: {request: {path: /notes, body: {text: !jq .argument}}}, tag: {request: {path: "
                    "/tags, query: {tag: !jq .argument}}}}\n") +
          "");
    on("GET /apps", R"({"rows":[]})");
    on("POST /notes", "{}");
    on("POST /tags", "{}");
    BOOST_TEST(ids() == "");
    BOOST_TEST(outcome("note", "x") == "done");
    BOOST_TEST(outcome("tag", "x") == "done");
    BOOST_TEST((sent() == list{"GET /apps?apikey=the-secret", R"(POST /notes {"text":"x","apikey":"the-secret"})",
                               "POST /tags?tag=x&apikey=the-secret"}));

    start(
        "url: https://hr.example.com\ncredentials: {secret: the-secret}\nauth: {type: query, name: apikey, value: '{{ "
        ".credentials.secret }}'}\nlist: {request: {path: /apps}, records: !jq '.body.rows[]', paging: {type: "
        "next_url, next: !jq .body.next}}\napplication: {id: !jq .id}\n");
    on("GET /apps", {json_answer(200, R"({"rows":[],"next":"/apps?apikey=the-secret&page=2"})"),
                     json_answer(200, R"({"rows":[]})")});
    BOOST_TEST(ids() == "");
    BOOST_TEST((sent() == list{"GET /apps?apikey=the-secret", "GET /apps?page=2&apikey=the-secret"}));
}

BOOST_AUTO_TEST_CASE(a_refresh_token_is_exchanged_and_its_replacement_used)
{
    const auto text =
        signed_in("{type: oauth2_refresh_token, token_url: https://hr.example.com/token, client: body, user: "
                  "'{{ .credentials.id }}', value: '{{ .credentials.secret }}', refresh_token: '{{ "
                  ".credentials.refresh }}', scheme: 'Zoho-oauthtoken '}");
    kept tokens;
    on("GET /apps", R"({"rows":[]})");
    on("POST /token", R"({"access_token":"a1","refresh_token":"next-one","expires_in":3600})");
    start(text, {&tokens, nullptr});
    BOOST_TEST(ids() == "");
    BOOST_TEST(network.sent.back().headers.find("Authorization").value_or("") == "Zoho-oauthtoken a1");
    BOOST_TEST((sent() == list{"POST /token grant_type=refresh_token&refresh_token=the-refresh&client_id=the-id&"
                               "client_secret=the-secret",
                               "GET /apps"}));
    start(text, {&tokens, nullptr});
    BOOST_TEST(ids() == "");
    BOOST_TEST(sent().front().find("refresh_token=next-one&") != std::string::npos);
    for (const auto& [name, token] : tokens.all)
        BOOST_TEST(name.size() == 64U); // a digest

    start(text);
    BOOST_TEST(ids().find("only the running service keeps the new one") != std::string::npos);
    on("POST /token", R"({"error":"invalid_code"})"); // inside a 200
    start(text, {&tokens, nullptr});
    const auto refused = poll();
    BOOST_TEST((refused.error().code == errc::denied));
    BOOST_TEST(refused.error().detail.find("make a new one") != std::string::npos, refused.error().detail);
}

BOOST_AUTO_TEST_CASE(a_client_says_who_it_is_in_a_header_or_in_the_body_whatever_it_asks_a_token_for)
{
    on("GET /apps", R"({"rows":[]})");
    on("POST /token", R"({"access_token":"a1","expires_in":3600})");
    const std::string client = ", token_url: https://hr.example.com/token, user: '{{ .credentials.id }}', value: '{{ "
                               ".credentials.secret }}'";
    const auto asked = [&](const std::string& type, const std::string& more) {
        start(signed_in("{type: " + type + client + more + "}"));
        BOOST_TEST(ids() == "");
        BOOST_REQUIRE(network.sent.size() == 2U);
        BOOST_TEST(network.sent.back().headers.find("Authorization").value_or("") == "Bearer a1");
        const std::string who(network.sent.front().headers.find("Authorization").value_or("nobody"));
        return sent().front() + ' ' + who;
    };
    const auto basic = " Basic " + http::base64("the-id:the-secret");
    const std::string in_body = "&client_id=the-id&client_secret=the-secret";
    const std::string person =
        ", form: {username: a+b@example.com, password: '{{ .credentials.secret }}', scope: null}";
    const std::string as_person = "&username=a%2Bb%40example.com&password=the-secret";
    const std::string begin = "POST /token grant_type=";
    BOOST_TEST(asked("oauth2_client_credentials", "") == begin + "client_credentials" + basic);
    BOOST_TEST(asked("oauth2_client_credentials", ", client: basic, form: {scope: read}") ==
               begin + "client_credentials&scope=read" + basic);
    BOOST_TEST(asked("oauth2_client_credentials", ", client: body") ==
               begin + "client_credentials" + in_body + " nobody");
    BOOST_TEST(asked("oauth2_password", person) == begin + "password" + as_person + basic);
    BOOST_TEST(asked("oauth2_password", ", client: body" + person) ==
               begin + "password" + in_body + as_person + " nobody");
    const std::string stays = ", rotates: false, refresh_token: '{{ .credentials.refresh }}'";
    BOOST_TEST(asked("oauth2_refresh_token", stays) == begin + "refresh_token&refresh_token=the-refresh" + basic);
    BOOST_TEST(asked("oauth2_refresh_token", ", client: body" + stays) ==
               begin + "refresh_token&refresh_token=the-refresh" + in_body + " nobody");
}

BOOST_AUTO_TEST_CASE(mappings_with_one_credential_sign_in_once_and_have_one_budget)
{
    const auto text = [](const std::string& id) {
        return listing("", "credentials: {id: " + id +
                               ", secret: the-secret}\nrate_limit: {requests: 2, per: 60s}\nauth: {type: "
                               "oauth2_client_credentials, token_url: https://hr.example.com/token, user: '{{ "
                               ".credentials.id }}', value: '{{ .credentials.secret }}'}\n");
    };
    on("GET /apps", R"({"rows":[]})");
    on("POST /token", R"({"access_token":"a1","expires_in":3600})");
    http::shared_access shared;
    hr_system other;
    start(text("one"), {nullptr, &shared});
    described second(text("one"));
    described stranger(text("another"));
    auto also = create_connector(std::move(*second.what), network, clock, random, events, {nullptr, &shared});
    auto apart = create_connector(std::move(*stranger.what), network, clock, random, events, {nullptr, &shared});
    const auto polled = [&](sync::hr_connector& by) {
        const auto before = clock.now();
        BOOST_TEST(testing::run(clock, by.poll({clock.wall(), nullptr, {}})).has_value());
        return clock.now() - before;
    };
    BOOST_TEST((polled(*connector) == 0s));
    BOOST_TEST((polled(*also) == 0s));
    BOOST_TEST((polled(*connector) >= 59s));
    BOOST_TEST((sent() == list{"POST /token grant_type=client_credentials", "GET /apps", "GET /apps", "GET /apps"}));
    BOOST_TEST((polled(*apart) == 0s));
    BOOST_TEST(sent().size() == 2U);
    // So they are never at work on two machines at a time.
    BOOST_TEST(connector->common_access() == also->common_access());
    BOOST_TEST(connector->common_access() != apart->common_access());
    BOOST_TEST(connector->common_access().find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_problem_shows_hosts_and_user_names_but_no_secret)
{
    const auto problem = [&](const std::string& auth) {
        start(
            "url: https://sandbox-hr.example.com\nlist: {request: {path: /apps}, records: !jq '.body[]'}\napplication: "
            "{id: !jq .id}\ncredentials: {client: sandbox, client_key: sandbox-hr-key}\nauth: " +
            auth + '\n');
        on("GET /apps", {json_answer(400, R"({"message":"sandbox and sandbox-hr-key"})")});
        return ids();
    };
    const std::string begin = "failure: GET ";
    BOOST_TEST(problem("{type: basic, user: '{{ .credentials.client }}', value: '{{ .credentials.client_key }}'}") ==
               begin + "https://sandbox-hr.example.com/apps: answered 400: \"sandbox and …\"");
    // Here the user's name is the key.
    BOOST_TEST(problem("{type: basic, user: '{{ .credentials.client_key }}', value: x}")
                   .ends_with("answered 400: \"… and …\""));
    BOOST_TEST(problem("{type: basic, user: '{{ .credentials.client }}'}").ends_with("answered 400: \"… and …\""));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::rest
