#pragma once

#include "config/listen.hpp"
#include "config/problems.hpp"
#include "config/secret.hpp"
#include "config/webhook.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace testdome_sync::config {

/// `testdome:` — the account that pays. Either client_id and client_secret, or email and api_password.
struct testdome_settings {
    std::string url = "https://api.testdome.com"; ///< without a path: `/v3` is added; with one, it is used as it is
    std::string token_url;                        ///< default: URL's origin + `/token`
    std::string client_id;
    secret client_secret;
    std::string email;
    secret api_password;
    std::string ca_file;  ///< PEM; empty: the system's trust store
    std::string crl_file; ///< `crl_file:` PEM revocation lists; empty: revocation is not looked at
    std::chrono::seconds poll_every{300};
    std::chrono::seconds request_timeout{30}; ///< `timeout:`
    std::chrono::seconds settle{900};         ///< `settle:` how long an unconfirmed invitation is looked for
    int batch_size = 50;                      ///< `batch_size:` addresses in one invitation request, 1–500
    int concurrency = 4;                      ///< `rate_limit: {concurrent: 4, per_second: 10}`
    int requests_per_second = 10;
    position where;
};

/// `limits:` — what the company is willing to spend without a person looking.
struct limit_settings {
    int invitations_per_day = 100; ///< calendar days in UTC
    int invitations_per_poll = 25; ///< one poll that selects more: all are held
};

enum class log_format { automatic, journal, text, json };
enum class personal_data { masked, shown };

struct log_settings {
    std::string level = "info"; ///< debug | info | warning | error
    log_format format = log_format::automatic;
    personal_data personal = personal_data::masked;
};

/// Who is told of alarms beside the log; each empty: nobody.
struct notify_settings {
    std::vector<std::string> command; ///< `exec:`, a program and its arguments
    secret webhook;                   ///< who knows the address may write there
    secret ping;                      ///< likewise

    bool tells_nobody() const { return command.empty() && webhook.empty() && ping.empty(); }
};

/// `ledger:` — a file of this machine, or a database that several machines share.
struct ledger_settings {
    std::string path = "/var/lib/testdome-sync/ledger.db"; ///< `sqlite:PATH`; empty: it is in PostgreSQL
    std::string url;                                       ///< `postgresql://…`, which holds no password
    secret password;                                       ///< empty: libpq finds one, or none is needed
    bool has_stand_in = false; ///< `password` only stands for one that was not to be read here, see `secrets`
    position where;

    bool is_file() const { return !path.empty(); }
    bool is_same_place(const ledger_settings& other) const { return path == other.path && url == other.url; }
};

/// testdome-sync.yaml
struct settings {
    std::string path;
    testdome_settings testdome;
    ledger_settings ledger;
    limit_settings limits;
    listen_settings listen;            ///< off unless it is configured
    webhook_settings testdome_webhook; ///< `webhooks: {testdome: …}`
    log_settings log;
    notify_settings notify;
    std::chrono::seconds retention_finished_after{std::chrono::hours{24 * 180}};
};

} // namespace testdome_sync::config
