#include "config/checks.hpp"
#include "config/plain_expression.hpp"
#include "connectors/http/oauth.hpp"
#include "connectors/http/url.hpp"
#include "connectors/rest/description.hpp"

#include <algorithm>
#include <filesystem>

namespace testdome_sync::rest {
namespace {

/// Whether it was told already that a credential is missing.
bool is_told(const description& known)
{
    return std::ranges::any_of(
        known.parameters, [&](const parameter& one) { return one.required && !known.credentials.contains(one.name); });
}

/// A text with `{{ .credentials.NAME }}` whose value is needed before any expression is compiled: where the HR system
/// is. Only plain paths and alternatives can be used in it. Nothing if a value is missing, which is told elsewhere if
/// it is required.
std::optional<std::string> filled(const std::string& text, const config::node& where, const description& known,
                                  config::problems& found)
{
    const boost::json::object document{{"credentials", known.credentials}};
    std::string made;
    std::size_t at = 0;
    for (auto open = text.find("{{"); open != std::string::npos; open = text.find("{{", at)) {
        const auto close = text.find("}}", open);
        const auto inner = close == std::string::npos ? std::string{} : text.substr(open + 2, close - open - 2);
        const auto begin = inner.find_first_not_of(' ');
        const auto expression =
            begin == std::string::npos
                ? std::nullopt
                : config::plain_expression::from(inner.substr(begin, inner.find_last_not_of(' ') - begin + 1));
        if (!expression) {
            found.add(where.where, "here \"{{ }}\" can hold a credential only, as in {{ .credentials.company }}");
            return std::nullopt;
        }
        const auto value = expression->first({nullptr, &document});
        if (!value || !value->is_string()) {
            if (!is_told(known))
                found.add(where.where,
                          "this needs a credential that is not given: " + text.substr(open, close + 2 - open));
            return std::nullopt;
        }
        made += text.substr(at, open - at) + http::percent_encoded(value->get_string());
        at = close + 2;
    }
    return made + text.substr(at);
}

/// A URL of the description, filled and checked; empty if it is missing or wrong.
std::string read_url(config::reader& in, std::string_view key, const description& known)
{
    const auto written = in.text(key);
    const auto* node = in.child(key);
    if (written.empty() || !node)
        return {};
    if (!node->tag.empty() || written.find("{{") == std::string::npos) {
        config::require_url(written, *node, in.found());
        return written;
    }
    const auto url = filled(written, *node, known, in.found());
    if (!url)
        return {};
    if (!http::parse_url(*url))
        in.found().add(node->where, "\"" + std::string(key) +
                                        "\" is no https:// address with these credentials: check what they say of it");
    return *url;
}

auth_description read_auth(const config::node& value, const std::string& token_url, const description& known,
                           config::reader& parent)
{
    auth_description made;
    config::reader in(value, "\"auth\"", parent.library(), parent.sources(), parent.found());
    const std::vector<std::string> names{"none",
                                         "basic",
                                         "bearer",
                                         "header",
                                         "query",
                                         "oauth2_client_credentials",
                                         "oauth2_password",
                                         "oauth2_refresh_token"};
    in.require("type");
    const auto type = in.choice("type", "none", names);
    made.type = static_cast<auth_type>(std::ranges::find(names, type) - names.begin());
    made.user = in.text_parts("user").value_or(config::text_template{});
    made.secret = in.text_parts("value").value_or(config::text_template{});
    made.name = in.text("name");
    made.in_body = in.flag("in_body", false);
    made.token_url = read_url(in, "token_url", known);
    const bool has_url = in.has("token_url") || !token_url.empty();
    if (!token_url.empty())
        made.token_url = token_url;
    made.client_in_body = in.choice("client", "basic", {"basic", "body"}) == "body";
    if (const auto* form = in.child("form"))
        made.form = read_pairs(*form, "\"form\"", in);
    if (in.has("scheme"))
        made.token_scheme = in.text("scheme");
    made.refresh_token = in.text_parts("refresh_token").value_or(config::text_template{});
    made.rotates = in.flag("rotates", true);
    if (type.starts_with("oauth2") && !has_url)
        in.found().add(value.where, "\"auth\" of type " + type + " needs \"token_url\"");
    if (made.type == auth_type::oauth2_refresh_token && !in.has("refresh_token"))
        in.found().add(value.where, "\"auth\" of type " + type + " needs \"refresh_token\"");
    if ((made.type == auth_type::header || made.type == auth_type::query) && made.name.empty())
        in.found().add(value.where, "\"auth\" of type " + type + " needs \"name\"");
    return made;
}

void read_rate_limit(const config::node& value, http::service_options& into, config::reader& parent)
{
    config::reader in(value, "\"rate_limit\"", parent.library(), parent.sources(), parent.found());
    into.concurrent = static_cast<std::size_t>(in.number("concurrent", 4, 1, 64));
    into.per_second = static_cast<double>(in.number("per_second", 10, 1, 1000));
    into.burst = into.per_second;
    if (in.has("requests")) { // so many requests in any period of that length
        into.requests = static_cast<double>(in.number("requests", 10, 1, 100'000));
        into.window = std::max(in.duration("per", std::chrono::seconds{1}), std::chrono::seconds{1});
        if (!in.has("per_second")) {
            into.per_second = into.requests / static_cast<double>(into.window.count());
            into.burst = into.requests;
        }
    }
    into.burst = static_cast<double>(in.number("burst", static_cast<long long>(into.burst), 1, 100'000));
    in.ignore("per");
    into.credits = static_cast<double>(in.number("credits", 0, 0, 100'000'000));
    into.credit_window = std::max(in.duration("credits_per", into.credit_window), std::chrono::seconds{1});
    into.pause = in.duration("pause", into.pause);
    into.headers.remaining = in.text("remaining_header");
    into.headers.reset = in.text("reset_header");
    if (in.choice("reset_is", "epoch_seconds", {"epoch_seconds", "seconds_left"}) == "seconds_left")
        into.headers.reset_is = http::rate_headers::meaning::seconds_left;
}

void read_time_zone(config::reader& in, description& into)
{
    const auto written = in.text("time_zone");
    const auto* node = in.child("time_zone");
    if (written.empty() || !node)
        return;
    const bool computed = node->tag.empty() && written.find("{{") != std::string::npos;
    auto zone = computed ? filled(written, *node, into, in.found()) : std::optional(written);
    for (auto slash = zone ? zone->find("%2F") : std::string::npos; slash != std::string::npos;
         slash = zone->find("%2F"))
        zone->replace(slash, 3, "/"); // Europe/Zagreb
    if (!zone)
        return;
    into.time_zone = *zone;
    if (!connectors::is_time_zone(into.time_zone))
        in.found().add(node->where, connectors::unknown_time_zone(config::shown_value(*node, written)));
}

} // namespace

/// Where the HR system is and how it is spoken to.
void read_connection(config::reader& in, const config::mapping& mapping, description& into)
{
    in.require("url");
    into.url = read_url(in, "url", into);
    while (into.url.ends_with('/'))
        into.url.pop_back();
    const auto token_url = read_url(in, "token_url", into);
    for (const auto& [key, path] : {std::pair{"ca_file", &into.ca_file}, std::pair{"crl_file", &into.crl_file}}) {
        *path = in.text(key);
        if (!path->empty() && !path->starts_with('/'))
            *path = (std::filesystem::path(mapping.sources.base_directory) / *path).lexically_normal().string();
    }
    into.timeout = std::max(in.duration("timeout", into.timeout), std::chrono::seconds{1});
    read_time_zone(in, into);
    if (const auto* auth = in.child("auth"))
        into.auth = read_auth(*auth, token_url, into, in);
    if (const auto* headers = in.child("headers"))
        into.headers = read_pairs(*headers, "\"headers\"", in);
    into.service.name = mapping.name;
    if (const auto* rate = in.child("rate_limit"))
        read_rate_limit(*rate, into.service, in);
    if (const auto* answer = in.child("answer"))
        into.answer = read_answer(*answer, in);
    into.lookups = read_lookups(in);
    for (const auto& one : into.lookups)
        if (one.creates || one.batch)
            in.found().add(in.child("lookups")->where,
                           "a look-up that \"creates\", or has a \"batch\", belongs to an action");
    if (const auto* check = in.child("check"))
        into.check = read_request(*check, "\"check\"", "GET", in);
    if (const auto* stages = in.child("stage_names"))
        into.stage_names = read_known_names(*stages, "\"stage_names\"", in);
    into.used_names = find_used_names(mapping);
}

} // namespace testdome_sync::rest
