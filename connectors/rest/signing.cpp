#include "connectors/rest/signing.hpp"

#include "config/checks.hpp"
#include "connectors/http/digest.hpp"
#include "connectors/http/oauth.hpp"
#include "connectors/http/url.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <functional>

namespace testdome_sync::rest {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

/// A key that doesn't change, in a header.
class header_authorizer final : public http::authorizer {
public:
    header_authorizer(std::string name, config::secret value) : name_(std::move(name)), value_(std::move(value)) {}

    asio::awaitable<sync::result<void>> sign(http::request& order) override
    {
        order.headers.set(name_, value_.reveal());
        co_return sync::result<void>{};
    }
    bool renew(const http::request&) override { return false; }

private:
    std::string name_;
    config::secret value_;
};

/// A key that doesn't change, in the URL, or in the bodies of those requests that have one.
class query_authorizer final : public http::authorizer {
public:
    query_authorizer(std::string name, config::secret value, bool in_body)
        : name_(std::move(name)), value_(std::move(value)), in_body_(in_body)
    {
    }

    asio::awaitable<sync::result<void>> sign(http::request& order) override
    {
        boost::system::error_code not_json;
        auto body = in_body_ && !order.body.empty() ? json::parse(order.body, not_json) : json::value(nullptr);
        if (!not_json && body.is_object()) {
            body.as_object()[name_] = value_.reveal();
            order.body = json::serialize(body);
        } else {
            set_query(order.url, name_, value_.reveal()); // a next link may have repeated it
        }
        co_return sync::result<void>{};
    }
    bool renew(const http::request&) override { return false; }

private:
    std::string name_;
    config::secret value_;
    bool in_body_;
};

std::string rendered_or_empty(const config::text_template& text, const json::object& document)
{
    const auto value = text.render(document);
    return value ? *value : std::string{};
}

/// `auth:` with the credentials filled in.
struct credentials {
    std::string user;
    std::string secret;
    std::string refresh_token;
    std::vector<std::pair<std::string, std::string>> form;
};

credentials credentials_of(const description& described)
{
    const auto& auth = described.auth;
    const json::object document{{"credentials", described.credentials}};
    credentials made{rendered_or_empty(auth.user, document),
                     rendered_or_empty(auth.secret, document),
                     rendered_or_empty(auth.refresh_token, document),
                     {}};
    for (const auto& [name, value] : auth.form) {
        const auto field = value.render(document);
        if (field && !field->is_null())
            made.form.emplace_back(name, plain_text(*field));
    }
    return made;
}

std::string grant_of(auth_type type)
{
    switch (type) {
    case auth_type::oauth2_password: return "password";
    case auth_type::oauth2_refresh_token: return "refresh_token";
    default: return "client_credentials";
    }
}

/// RFC 6749 §4.3.2, §4.4.2, §6; the client says who it is as §2.3.1 has it.
http::request token_request(const auth_description& auth, const credentials& own, std::chrono::seconds timeout,
                            const std::string& refresh_token)
{
    http::request order;
    order.method = "POST";
    order.url = auth.token_url;
    order.deadline = timeout;
    order.headers.set("Accept", "application/json");
    order.headers.set("Content-Type", "application/x-www-form-urlencoded");
    order.body = "grant_type=" + grant_of(auth.type);
    if (!refresh_token.empty())
        order.body += "&refresh_token=" + http::form_encoded(refresh_token);
    if (auth.client_in_body)
        order.body += "&client_id=" + http::form_encoded(own.user) + "&client_secret=" + http::form_encoded(own.secret);
    else
        order.headers.set("Authorization", "Basic " + http::base64(own.user + ':' + own.secret));
    for (const auto& [name, value] : own.form)
        order.body += '&' + http::form_encoded(name) + '=' + http::form_encoded(value);
    return order;
}

std::string key_of(const description& described, const credentials& own, std::string_view purpose)
{
    const auto place = http::parse_url(described.url);
    const auto type = std::to_string(static_cast<int>(described.auth.type));
    return http::digest({purpose, place ? place->origin() : described.url, described.auth.token_url, type, own.user,
                         own.secret, own.refresh_token});
}

std::string key_with_form(const description& described, const credentials& own)
{
    std::string form;
    for (const auto& [name, value] : own.form)
        form += http::form_encoded(name) + '=' + http::form_encoded(value) + '&';
    return http::digest({key_of(described, own, "sign-in"), form, described.ca_file, described.crl_file});
}

http::token_options token_options_of(const description& described, credentials own, const connector_access& access)
{
    const auto& auth = described.auth;
    http::token_options options;
    options.name = described.mapping;
    options.scheme = auth.token_scheme;
    if (!auth.name.empty())
        options.header = auth.name;
    options.secrets = secrets_of(described);
    if (auth.type == auth_type::oauth2_refresh_token) {
        http::refresh_token_options refresh;
        refresh.key = http::digest({"refresh token", auth.token_url, own.user, own.refresh_token});
        refresh.configured = config::secret(own.refresh_token);
        refresh.rotates = auth.rotates;
        refresh.store = access.tokens;
        options.refresh = std::move(refresh);
    }
    options.make_refresh_request = [auth, own, timeout = described.timeout](const std::string& token) {
        return token_request(auth, own, timeout, token);
    };
    options.make_request = [auth, own = std::move(own), timeout = described.timeout] {
        return token_request(auth, own, timeout, {});
    };
    return options;
}

} // namespace

std::vector<config::secret> secrets_of(const description& described)
{
    const auto own = credentials_of(described);
    constexpr std::size_t least_password = 6; // some services want any text beside a key
    // A client id (RFC 6749 §2.2) or a user's name is no secret, but for a key that stands in the place of one.
    const auto is_users_name = [&](std::string_view name, const std::string& text) {
        return text == own.user && own.secret.size() >= least_password && !config::names_a_secret(name);
    };
    std::vector<config::secret> secrets;
    for (const auto& [name, value] : described.credentials)
        if (const auto text = plain_text(value);
            !described.open_parameters.contains(name) && !is_users_name(name, text))
            secrets.emplace_back(text);
    return secrets;
}

std::shared_ptr<http::authorizer> create_signer(const description& described, http::transport& network,
                                                sync::clock& clock, sync::random_source& random,
                                                sync::event_sink& events, const connector_access& access)
{
    const auto& auth = described.auth;
    auto own = credentials_of(described);
    switch (auth.type) {
    case auth_type::none: return nullptr;
    case auth_type::basic:
        return std::make_shared<header_authorizer>(
            "Authorization", config::secret("Basic " + http::base64(own.user + ':' + own.secret)));
    case auth_type::bearer:
        return std::make_shared<header_authorizer>("Authorization", config::secret("Bearer " + own.secret));
    case auth_type::header: return std::make_shared<header_authorizer>(auth.name, config::secret(own.secret));
    case auth_type::query:
        return std::make_shared<query_authorizer>(auth.name, config::secret(own.secret), auth.in_body);
    case auth_type::oauth2_client_credentials:
    case auth_type::oauth2_password:
    case auth_type::oauth2_refresh_token: break;
    }
    const auto key = key_with_form(described, own);
    const auto make = [&] {
        return http::create_token_authorizer(network, clock, random, events,
                                             token_options_of(described, std::move(own), access));
    };
    return access.shared ? access.shared->authorizer_for(key, make) : make();
}

std::string budget_key_of(const description& described)
{
    return key_of(described, credentials_of(described), "budget");
}

std::shared_ptr<http::budget> budget_of(const description& described, sync::clock& clock,
                                        const connector_access& access)
{
    if (!access.shared)
        return nullptr;
    return access.shared->budget_for(budget_key_of(described), clock, described.service);
}

} // namespace testdome_sync::rest
