#include "connectors/rest/signing.hpp"

#include "connectors/http/oauth.hpp"

namespace testdome_sync::rest {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

std::string rendered_or_empty(const config::text_template& text, const json::value& document)
{
    const auto value = text.render(document);
    return value ? *value : std::string{};
}

/// A key that doesn't change: a header or a query parameter.
class fixed_authorizer final : public http::authorizer {
public:
    fixed_authorizer(std::string header, std::string parameter, config::secret value)
        : header_(std::move(header)), parameter_(std::move(parameter)), value_(std::move(value))
    {
    }

    asio::awaitable<sync::result<void>> sign(http::request& order) override
    {
        if (!header_.empty())
            order.headers.set(header_, value_.reveal());
        else
            add_query(order.url, parameter_, value_.reveal());
        co_return sync::result<void>{};
    }
    bool renew(const http::request&) override { return false; }

private:
    std::string header_;
    std::string parameter_;
    config::secret value_;
};

http::request token_request(const description& described)
{
    const auto& auth = described.auth;
    const json::value document{{"credentials", described.credentials}};
    const auto id = rendered_or_empty(auth.user, document), secret = rendered_or_empty(auth.secret, document);
    http::request order;
    order.method = "POST";
    order.url = auth.token_url;
    order.deadline = described.timeout;
    order.headers.set("Accept", "application/json");
    order.headers.set("Content-Type", "application/x-www-form-urlencoded");
    order.body = auth.type == auth_type::oauth2_password ? "grant_type=password" : "grant_type=client_credentials";
    if (auth.client_in_body)
        order.body += "&client_id=" + http::form_encoded(id) + "&client_secret=" + http::form_encoded(secret);
    else
        order.headers.set("Authorization", "Basic " + http::base64(id + ':' + secret));
    for (const auto& [name, value] : auth.form) {
        const auto field = value.render(document);
        if (field && !field->is_null())
            order.body += '&' + http::form_encoded(name) + '=' + http::form_encoded(plain_text(*field));
    }
    return order;
}

} // namespace

std::shared_ptr<http::authorizer> create_signer(const description& described, http::transport& network,
                                                sync::clock& clock, sync::random_source& random,
                                                sync::event_sink& events)
{
    const auto& auth = described.auth;
    const json::value document{{"credentials", described.credentials}};
    const auto secret = rendered_or_empty(auth.secret, document);
    switch (auth.type) {
    case auth_type::none: return nullptr;
    case auth_type::basic: {
        const auto pair = "Basic " + http::base64(rendered_or_empty(auth.user, document) + ':' + secret);
        return std::make_shared<fixed_authorizer>("Authorization", "", config::secret(pair));
    }
    case auth_type::bearer:
        return std::make_shared<fixed_authorizer>("Authorization", "", config::secret("Bearer " + secret));
    case auth_type::header: return std::make_shared<fixed_authorizer>(auth.name, "", config::secret(secret));
    case auth_type::query: return std::make_shared<fixed_authorizer>("", auth.name, config::secret(secret));
    case auth_type::oauth2_client_credentials:
    case auth_type::oauth2_password: break;
    }
    http::token_options options;
    options.name = described.mapping;
    options.scheme = auth.token_scheme;
    options.make_request = [&described] { return token_request(described); };
    return http::create_token_authorizer(network, clock, random, events, std::move(options));
}

} // namespace testdome_sync::rest
