#include "sync/postgresql/parameters.hpp"

#include "sync/events.hpp"
#include "sync/postgresql/connection.hpp"
#include "sync/postgresql/library.hpp"

#include <map>
#include <memory>
#include <string>

namespace testdome_sync::sync::postgresql {
namespace {

struct free_options {
    void operator()(PQconninfoOption* options) const noexcept { pq().PQconninfoFree(options); }
};
using options = std::unique_ptr<PQconninfoOption, free_options>;

/// What the URL itself says, by name; empty if it can't be understood.
std::map<std::string, std::string> said_by(const std::string& url)
{
    std::map<std::string, std::string> said;
    const options parsed(pq().PQconninfoParse(url.c_str(), nullptr));
    for (const auto* one = parsed.get(); one && one->keyword; ++one)
        if (one->val)
            said[one->keyword] = one->val;
    return said;
}

/// A socket, or this machine's own network.
bool is_on_this_machine(const std::string& host)
{
    return host.empty() || host.starts_with('/') || host == "localhost" || host == "::1" || host.starts_with("127.");
}

constexpr auto system_authorities = "/etc/ssl/certs/ca-certificates.crt";

} // namespace

std::string problem_of(const std::string& url)
{
    char* told = nullptr;
    const options parsed(pq().PQconninfoParse(url.c_str(), &told));
    const std::unique_ptr<char, decltype(&::PQfreemem)> words(told, pq().PQfreemem);
    return parsed ? std::string{} : printable(words ? words.get() : "it can't be understood", 200);
}

std::string shown(const config::ledger_settings& settings)
{
    auto said = said_by(settings.url);
    const auto host = said["host"].empty() ? said["hostaddr"] : said["host"];
    return "PostgreSQL " + host + (said["port"].empty() ? "" : ':' + said["port"]) + '/' + said["dbname"];
}

connection_parameters::connection_parameters(const config::ledger_settings& settings)
{
    auto said = said_by(settings.url);
    const auto host = said["host"].empty() ? said["hostaddr"] : said["host"];
    const auto mode = said["sslmode"].empty() && !is_on_this_machine(host) ? "verify-full" : said["sslmode"];
    // With these authorities `require` would come to verify, too.
    if (mode.starts_with("verify-"))
        add("sslrootcert", system_authorities);
    if (mode == "verify-full")
        add("sslmode", "verify-full");
    // A machine that is gone is noticed: while something is asked, and while nothing is.
    add("connect_timeout", "5");
    add("tcp_user_timeout", "20000");
    add("keepalives_idle", "5");
    add("keepalives_interval", "2");
    add("keepalives_count", "3");
    add("application_name", "testdome-sync");
    add("dbname", settings.url.c_str());
    // What follows stands above the URL.
    if (!settings.password.empty())
        add("password", settings.password.reveal().c_str());
    add("client_encoding", "UTF8");
    add(nullptr, nullptr);
}

void connection_parameters::add(const char* name, const char* value)
{
    names_.push_back(name);
    values_.push_back(value);
}

} // namespace testdome_sync::sync::postgresql
