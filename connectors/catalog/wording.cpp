#include "connectors/catalog/wording.hpp"

#include <algorithm>
#include <map>

namespace testdome_sync::catalog {
namespace {

std::string text_at(const config::node& of, std::string_view key)
{
    const auto* value = of.find(key);
    return value ? value->text : std::string{};
}

bool mentions(const config::node& part, std::string_view word)
{
    return part.text.find(word) != std::string::npos ||
           std::ranges::any_of(part.items, [&](const config::node& item) { return mentions(item, word); }) ||
           std::ranges::any_of(part.members,
                               [&](const config::node_member& member) { return mentions(member.value, word); });
}

std::string way_of(const config::node& list)
{
    const auto* query = list.find("query"); // of a database
    if (query && mentions(*query, ":since"))
        return "what is new or changed since a time";
    const auto* request = list.find("request");
    std::string way = "the whole list";
    if (request && mentions(*request, ".cursor"))
        way = "what changed since the last poll's mark";
    else if (request && mentions(*request, ".since"))
        way = "what is new or changed since a time";
    else if (list.find("older"))
        way = "newest first, until what is known";
    return list.find("for_each") ? way + ", one request for each item of another list" : way;
}

} // namespace

std::string sign_in_in_words(const config::node* auth)
{
    if (!auth)
        return "none";
    const auto type = text_at(*auth, "type");
    const auto name = text_at(*auth, "name");
    if (type == "header")
        return "key in header " + name;
    if (type == "query")
        return "key in the query (" + name + ")";
    static const std::map<std::string, std::string> words{
        {"none", "none"},
        {"basic", "HTTP Basic"},
        {"bearer", "bearer token"},
        {"oauth2_client_credentials", "OAuth 2 client credentials"},
        {"oauth2_password", "OAuth 2 password"},
        {"oauth2_refresh_token", "OAuth 2 refresh token"},
    };
    const auto known = words.find(type);
    return known == words.end() ? type : known->second;
}

std::string limits_in_words(const config::node* rate_limit)
{
    constexpr const char* default_text = "10 a second, 4 at once";
    if (!rate_limit)
        return default_text;
    const auto requests = text_at(*rate_limit, "requests"), per = text_at(*rate_limit, "per");
    const auto per_second = text_at(*rate_limit, "per_second"), concurrent = text_at(*rate_limit, "concurrent");
    auto words = requests.empty() ? (per_second.empty() ? "10" : per_second) + " a second"
                                  : requests + " in " + (per.empty() ? "1s" : per);
    words += ", " + (concurrent.empty() ? "4" : concurrent) + " at once";
    if (const auto credits = text_at(*rate_limit, "credits"); !credits.empty()) {
        const auto period = text_at(*rate_limit, "credits_per");
        words += ", " + credits + " credits in " + (period.empty() ? "24h" : period);
    }
    if (const auto header = text_at(*rate_limit, "remaining_header"); !header.empty())
        words += ", fewer when " + header + " says so";
    return words;
}

std::string reading_in_words(const config::node& preset)
{
    const auto* list = preset.find("list");
    if (!list)
        return "nothing";
    std::string words;
    const auto add = [&](const std::string& way) {
        if (words.find(way) == std::string::npos)
            words += (words.empty() ? "" : "; ") + way;
    };
    if (list->kind != config::node_kind::sequence)
        add(way_of(*list));
    for (const auto& one : list->items)
        add(way_of(one));
    std::string joined;
    if (const auto* enrich = preset.find("enrich"))
        for (const auto& member : enrich->members)
            joined += (joined.empty() ? "" : ", ") + member.key.text;
    return joined.empty() ? words : words + "; asked for besides: " + joined;
}

} // namespace testdome_sync::catalog
