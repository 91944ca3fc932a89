#include "config/read_settings.hpp"

#include "config/checks.hpp"
#include "config/read_ledger.hpp"
#include "config/read_listen.hpp"
#include "config/read_webhook.hpp"

#include <algorithm>
#include <filesystem>

namespace testdome_sync::config {
namespace {

std::string beside(const tag_sources& sources, const std::string& path)
{
    return path.empty() || path.starts_with('/')
               ? path
               : (std::filesystem::path(sources.base_directory) / path).lexically_normal().string();
}

void read_url(reader& in, std::string_view key, std::string& into)
{
    into = in.text(key, into);
    if (const auto* written = in.child(key); written && !into.empty())
        require_url(into, *written, in.found());
}

void read_account(reader& in, testdome_settings& into)
{
    into.client_id = in.text("client_id");
    into.client_secret = in.secret_text("client_secret");
    into.email = in.text("email");
    into.api_password = in.secret_text("api_password");
    for (const auto* key : {"client_secret", "api_password"})
        if (const auto* written = in.child(key))
            refuse_public_secret(*written, in.found());
    const bool pair = in.has("client_id") || in.has("client_secret");
    const bool password = in.has("email") || in.has("api_password");
    if (pair && password)
        in.found().add(
            in.value().where,
            "testdome signs in either with client_id and client_secret or with email and api_password, not both");
    else if (pair)
        in.require("client_id"), in.require("client_secret");
    else if (password)
        in.require("email"), in.require("api_password");
    else
        in.found().add(in.value().where, "testdome needs client_id and client_secret, or email and api_password");
}

testdome_settings read_testdome(const node& tree, jq_library& library, const tag_sources& sources, problems& found)
{
    testdome_settings into;
    reader in(tree, "\"testdome\"", library, sources, found);
    into.where = tree.where;
    if (tree.kind != node_kind::mapping)
        return into;
    read_url(in, "url", into.url);
    read_url(in, "token_url", into.token_url);
    read_account(in, into);
    into.ca_file = beside(sources, in.text("ca_file"));
    into.crl_file = beside(sources, in.text("crl_file"));
    if (const auto* poll = in.child("poll")) {
        reader of(*poll, "\"poll\" of testdome", library, sources, found);
        into.poll_every = of.duration("every", into.poll_every);
        if (into.poll_every < std::chrono::seconds{1})
            found.add(poll->where, "\"every\" must be at least 1s");
    }
    into.request_timeout = std::max(in.duration("timeout", into.request_timeout), std::chrono::seconds{1});
    into.settle = in.duration("settle", into.settle);
    into.batch_size = static_cast<int>(in.number("batch_size", into.batch_size, 1, 500));
    if (const auto* rate = in.child("rate_limit")) {
        reader of(*rate, "\"rate_limit\" of testdome", library, sources, found);
        into.concurrency = static_cast<int>(of.number("concurrent", into.concurrency, 1, 64));
        into.requests_per_second = static_cast<int>(of.number("per_second", into.requests_per_second, 1, 1000));
    }
    return into;
}

log_settings read_log(const node& tree, jq_library& library, const tag_sources& sources, problems& found)
{
    log_settings into;
    reader in(tree, "\"log\"", library, sources, found);
    into.level = in.choice("level", into.level, {"debug", "info", "warning", "error"});
    const auto format = in.choice("format", "auto", {"auto", "journal", "text", "json"});
    into.format = format == "journal" ? log_format::journal
                  : format == "text"  ? log_format::text
                  : format == "json"  ? log_format::json
                                      : log_format::automatic;
    into.personal = in.choice("personal_data", "masked", {"masked", "shown"}) == "shown" ? personal_data::shown
                                                                                         : personal_data::masked;
    return into;
}

/// An address that is a secret in itself; the problem does not show it.
secret read_secret_url(reader& in, std::string_view key)
{
    auto url = in.secret_text(key);
    const auto* written = in.child(key);
    if (!url.empty() && !is_stand_in(*written, in.sources()) && !url.reveal().starts_with("https://"))
        in.found().add(written->where, '"' + std::string(key) + "\" begins with https://");
    return url;
}

notify_settings read_notify(const node& value, jq_library& library, const tag_sources& sources, problems& found)
{
    reader in(value, "\"notify\"", library, sources, found);
    notify_settings into;
    into.command = in.texts("exec");
    if (const auto* exec = in.child("exec"); exec && (into.command.empty() || !into.command.front().starts_with('/')))
        found.add(exec->where, "\"exec\" is a list: the program with its whole path, as in "
                               "/usr/local/bin/tell-us, then its arguments");
    into.webhook = read_secret_url(in, "webhook");
    into.ping = read_secret_url(in, "ping");
    return into;
}

} // namespace

settings read_settings(const node& tree, const std::string& path, const tag_sources& sources, problems& found)
{
    settings into;
    into.path = path;
    const auto library =
        jq_library::create(); // the main file holds no expressions; readers want a library all the same
    reader in(tree, "the main file", *library, sources, found);
    if (const auto* testdome = in.require("testdome"))
        into.testdome = read_testdome(*testdome, *library, sources, found);
    if (const auto* ledger = in.child("ledger"))
        into.ledger = read_ledger(*ledger, *library, sources, found);
    if (const auto* limits = in.child("limits")) {
        reader of(*limits, "\"limits\"", *library, sources, found);
        into.limits.invitations_per_day =
            static_cast<int>(of.number("invitations_per_day", into.limits.invitations_per_day, 0, 1'000'000));
        into.limits.invitations_per_poll =
            static_cast<int>(of.number("invitations_per_poll", into.limits.invitations_per_poll, 0, 1'000'000));
    }
    if (const auto* listen = in.child("listen"))
        into.listen = read_listen(*listen, *library, sources, found);
    if (const auto* webhooks = in.child("webhooks")) {
        reader of(*webhooks, "\"webhooks\"", *library, sources, found);
        if (const auto* testdome = of.child("testdome"))
            into.testdome_webhook =
                read_webhook(*testdome, "\"testdome\" of webhooks", false, *library, sources, found);
    }
    if (const auto* log = in.child("log"))
        into.log = read_log(*log, *library, sources, found);
    if (const auto* notify = in.child("notify"))
        into.notify = read_notify(*notify, *library, sources, found);
    if (const auto* retention = in.child("retention")) {
        reader of(*retention, "\"retention\"", *library, sources, found);
        into.retention_finished_after = of.duration("finished_after", into.retention_finished_after);
    }
    return into;
}

} // namespace testdome_sync::config
