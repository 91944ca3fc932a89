#include "daemon/listener/webhooks.hpp"

#include "daemon/listener/cryptography.hpp"

#include <boost/url/pct_string_view.hpp>

#include <optional>

namespace testdome_sync::listener {
namespace {

/// A mapping is called as its file, which may hold any character. Nothing if it is no percent-encoding.
std::optional<std::string> decoded(std::string_view segment)
{
    const auto encoded = boost::urls::make_pct_string_view(boost::urls::string_view(segment.data(), segment.size()));
    if (!encoded)
        return std::nullopt;
    return encoded->decode();
}

bool is_signed(const question& asked, const config::webhook_settings& hook)
{
    const auto header = asked.headers.find(hook.header);
    const auto given = header ? signature_from(*header) : std::nullopt;
    return given && are_same(*given, hmac_sha256(hook.hmac_key.reveal(), asked.body));
}

} // namespace

webhooks::webhooks(subject& about, sync::clock& clock, nudges& passed_on, const limits& within)
    : about_(about), clock_(clock), passed_on_(passed_on), limits_(within), wrong_(within.wrong_at_once, within.every)
{
}

webhooks::webhooks(subject& about, sync::clock& clock, nudges& passed_on) : webhooks(about, clock, passed_on, limits{})
{
}

const config::webhook_settings* webhooks::find(const std::string& name) const
{
    const auto configured = [](const config::webhook_settings& one) { return one.is_on() ? &one : nullptr; };
    if (name == testdome)
        return configured(about_.settings().testdome_webhook);
    for (const auto* mapping : about_.mappings())
        if (mapping->name == name)
            return configured(mapping->webhook);
    return nullptr;
}

http::response webhooks::too_many()
{
    ++counts_.limited;
    auto made = text_answer(429, "too many; try again");
    made.headers.set("Retry-After", "1");
    return made;
}

http::response webhooks::refuse(int status, std::string_view words)
{
    if (!wrong_.take(clock_.now()))
        return too_many();
    ++counts_.refused;
    return text_answer(status, words);
}

http::response webhooks::answer(const question& asked, std::string_view rest)
{
    const auto slash = rest.find('/');
    const auto name = decoded(rest.substr(0, slash));
    const auto* hook = name ? find(*name) : nullptr;
    // Whether there is such a hook is no stranger's business either.
    if (!hook)
        return refuse(404, "there is nothing here");
    const auto secret = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
    const bool by_path = hook->hmac_key.empty();
    if (by_path ? !are_same_secret(secret, hook->path.reveal()) : slash != std::string_view::npos)
        return refuse(404, "there is nothing here");
    if (asked.method != "POST")
        return method_not_allowed("POST");
    if (!by_path && !is_signed(asked, *hook))
        return refuse(403, "the signature is missing or wrong");
    auto& left = allowances_.try_emplace(*name, limits_.at_once, limits_.every).first->second;
    if (!left.take(clock_.now()))
        return too_many();
    ++counts_.accepted;
    passed_on_.add(*name);
    return text_answer(202, "thank you");
}

} // namespace testdome_sync::listener
