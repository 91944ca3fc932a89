#include "connectors/testdome/account.hpp"

#include "connectors/http/oauth.hpp"

namespace testdome_sync::testdome {
namespace {

std::string token_url_of(const config::testdome_settings& settings)
{
    if (!settings.token_url.empty())
        return settings.token_url;
    const auto host = settings.url.find("://") + 3;
    return settings.url.substr(0, settings.url.find('/', host)) + "/token";
}

} // namespace

std::string base_of(std::string url)
{
    while (url.ends_with('/'))
        url.pop_back();
    const auto host = url.find("://") + 3;
    return url.find('/', host) == std::string::npos ? url + "/v3" : url;
}

http::request token_request(const config::testdome_settings& settings)
{
    http::request order;
    order.method = "POST";
    order.url = token_url_of(settings);
    order.headers.set("Content-Type", "application/x-www-form-urlencoded");
    order.headers.set("Accept", "application/json");
    if (!settings.client_id.empty())
        order.body = "grant_type=client_credentials&client_id=" + http::form_encoded(settings.client_id) +
                     "&client_secret=" + http::form_encoded(settings.client_secret.reveal());
    else
        order.body = "grant_type=password&username=" + http::form_encoded(settings.email) +
                     "&password=" + http::form_encoded(settings.api_password.reveal());
    order.deadline = settings.request_timeout;
    return order;
}

std::shared_ptr<http::authorizer> signer_for(const config::testdome_settings& settings, http::transport& network,
                                             sync::clock& clock, sync::random_source& random, sync::event_sink& events)
{
    http::token_options options;
    options.name = "TestDome";
    options.make_request = [settings] { return token_request(settings); };
    return http::create_token_authorizer(network, clock, random, events, std::move(options));
}

http::service_options options_of(const config::testdome_settings& settings)
{
    http::service_options options;
    options.name = "TestDome";
    options.concurrent = static_cast<std::size_t>(settings.concurrency);
    options.per_second = settings.requests_per_second;
    options.burst = settings.requests_per_second;
    return options;
}

} // namespace testdome_sync::testdome
