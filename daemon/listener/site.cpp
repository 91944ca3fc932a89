#include "daemon/listener/site.hpp"

#include "daemon/listener/metrics.hpp"
#include "daemon/listener/status_page.hpp"

#include <algorithm>

namespace testdome_sync::listener {
namespace {

/// For every answer (OWASP's list of HTTP security headers, as far as it is about us): nothing is kept, guessed,
/// embedded or loaded.
void add_protection(http::response& to)
{
    const auto add = [&](const char* name, const char* value) {
        if (!to.headers.find(name))
            to.headers.set(name, value);
    };
    add("Cache-Control", "no-store");
    add("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    add("X-Content-Type-Options", "nosniff");
    add("X-Frame-Options", "DENY");
    add("Referrer-Policy", "no-referrer");
    add("Cross-Origin-Resource-Policy", "same-origin");
}

bool only_reads(const question& asked)
{
    return asked.method == "GET" || asked.method == "HEAD";
}

} // namespace

site::site(boost::asio::any_io_executor loop, subject& about, sync::clock& clock, std::string version,
           const site_limits& within)
    : about_(about), clock_(clock), version_(std::move(version)), limits_(within), started_at_(clock.wall()),
      nudges_(std::move(loop), within.between_nudges,
              [&about](const std::string& whom) {
                  if (whom == webhooks::testdome)
                      about.look_at_testdome_now();
                  else
                      about.look_now(whom);
              }),
      webhooks_(about, clock, nudges_, within.hooks)
{
}

site::site(boost::asio::any_io_executor loop, subject& about, sync::clock& clock, std::string version)
    : site(std::move(loop), about, clock, std::move(version), site_limits{})
{
}

http::response site::answer(const question& asked)
{
    http::response made;
    try {
        made = route(asked);
    } catch (const sync::ledger_error&) { // the engine ends because of it, and the log tells why
        made = text_answer(503, "the ledger can't be read");
    } catch (const std::exception&) {
        made = text_answer(500, "no answer could be made");
    }
    add_protection(made);
    return made;
}

http::response site::route(const question& asked)
{
    constexpr std::string_view hooks = "/webhooks/";
    const std::string_view path = asked.path;
    if (path.starts_with(hooks))
        return webhooks_.answer(asked, path.substr(hooks.size()));
    const bool is_known = path == "/" || path == "/healthz" || path == "/readyz" || path == "/metrics";
    if (!is_known)
        return text_answer(404, "there is nothing here");
    if (!only_reads(asked))
        return method_not_allowed("GET, HEAD");
    if (path == "/healthz")
        return text_answer(200, "alive");
    if (path == "/readyz")
        return readiness();
    return path == "/metrics" ? metrics() : page();
}

http::response site::readiness()
{
    if (!about_.is_working())
        return text_answer(503, "the engine does not run");
    try {
        const sync::unit_of_work may_write(about_.ledger()); // ends without a change
    } catch (const sync::ledger_error&) {
        return text_answer(503, "the ledger can't be written");
    }
    return text_answer(200, "ready");
}

http::response site::metrics()
{
    auto made = text_answer(200, "");
    made.headers.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    made.body = metrics_text(about_, {version_, started_at_, webhooks_.counts()}, clock_.wall());
    return made;
}

http::response site::page()
{
    const auto began = clock_.now();
    if (!page_lasts_until_ || began >= *page_lasts_until_) {
        page_ = status_page(overview_of(about_, clock_.wall()), version_);
        const auto made = clock_.now();
        page_lasts_until_ = made + std::max<sync::monotonic_time::duration>(limits_.page_age, 100 * (made - began));
    }
    http::response made;
    made.status = 200;
    made.headers.set("Content-Type", "text/html; charset=utf-8");
    made.headers.set("Content-Security-Policy", status_page_policy());
    made.body = page_;
    return made;
}

} // namespace testdome_sync::listener
