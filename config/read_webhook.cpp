#include "config/read_webhook.hpp"

#include "config/checks.hpp"

#include <algorithm>
#include <string_view>

namespace testdome_sync::config {
namespace {

/// 128 bits as 22 characters of base64: no guessing, whatever the rate.
constexpr std::size_t shortest_secret = 22;
constexpr std::size_t longest_secret = 128;

bool is_token(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

void require_unguessable(const node& where, const secret& path, const tag_sources& sources, problems& found)
{
    const auto& text = path.reveal();
    if (text.empty() || is_stand_in(where, sources))
        return;
    if (text.size() < shortest_secret || text.size() > longest_secret || !is_token(text))
        found.add(where.where, "\"secret\" is the last part of a path that nobody may guess: " +
                                   std::to_string(shortest_secret) + " to " + std::to_string(longest_secret) +
                                   " letters, digits, - and _, as `openssl rand -hex 16` gives them");
}

} // namespace

webhook_settings read_webhook(const node& value, const std::string& what, bool may_be_signed, jq_library& library,
                              const tag_sources& sources, problems& found)
{
    webhook_settings into;
    into.where = value.where;
    reader in(value, what, library, sources, found);
    into.path = in.secret_text("secret");
    if (may_be_signed) {
        into.hmac_key = in.secret_text("hmac_key");
        into.header = in.text("header");
    }
    for (const auto* key : {"secret", "hmac_key"})
        if (const auto* written = value.find(key))
            refuse_public_secret(*written, found);
    if (const auto* written = value.find("secret"))
        require_unguessable(*written, into.path, sources, found);
    if (value.kind != node_kind::mapping)
        return into;
    if (in.has("secret") == (may_be_signed && in.has("hmac_key")))
        found.add(value.where, what + (may_be_signed ? " has either \"secret\" or \"hmac_key\" and \"header\""
                                                     : " needs \"secret\""));
    else if (may_be_signed && in.has("hmac_key") != in.has("header"))
        found.add(value.where, "\"hmac_key\" and \"header\" belong together: the key that the HR system signs with, "
                               "and the header field that holds its signature");
    else if (in.has("header") && !is_token(into.header))
        found.add(value.find("header")->where, "\"header\" is the name of a header field, as in X-Signature");
    return into;
}

} // namespace testdome_sync::config
