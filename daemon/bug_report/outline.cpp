#include "daemon/bug_report/outline.hpp"

#include <algorithm>
#include <array>
#include <regex>
#include <string_view>

namespace testdome_sync::bug_report {
namespace {

/// What stands below one of these is a secret, however short.
constexpr std::array<std::string_view, 9> secret_keys{
    "credentials", "client_id", "client_secret", "email", "api_password", "secret", "hmac_key", "password", "token"};
/// What stands below one of these may be one.
constexpr std::array<std::string_view, 11> doubtful_keys{"authentication", "command", "environment", "header",
                                                         "headers",        "key",     "notify",      "parameters",
                                                         "query",          "webhook", "webhooks"};
constexpr std::size_t shortest_doubtful = 8; ///< shorter ones would be found, and hidden, everywhere

/// The values of these are words of the product, or of a preset's author.
constexpr std::array<std::string_view, 9> word_keys{"connector", "level", "format", "personal_data", "start",
                                                    "repeat",    "type",  "mode",   "time_zone"};

bool is_one_of(const auto& all, std::string_view key)
{
    return std::ranges::count(all, key) > 0;
}

/// libstdc++'s regular expressions recurse with each character, so a long text would end the program.
constexpr std::size_t longest_judged = 300;

bool matches(const std::string& text, const char* pattern)
{
    return text.size() <= longest_judged && std::regex_match(text, std::regex(pattern));
}

std::string as_length(std::string_view text)
{
    return "(text of " + std::to_string(text.size()) + " bytes)";
}

/// Where a jq string that begins at `at` ends, its interpolations with all that is in them included.
std::size_t end_of_string(std::string_view jq, std::size_t at)
{
    int open = 0; // parentheses of interpolations
    for (++at; at < jq.size(); ++at) {
        if (jq[at] == '\\' && at + 1 < jq.size()) {
            ++at;
            open += jq[at] == '(' ? 1 : 0;
        } else if (open > 0 && jq[at] == '"') {
            at = end_of_string(jq, at) - 1;
        } else if (open > 0) {
            open += jq[at] == '(' ? 1 : jq[at] == ')' ? -1 : 0;
        } else if (jq[at] == '"') {
            return at + 1;
        }
    }
    return jq.size();
}

/// An expression without its texts and comments, which may name people.
std::string expression(std::string_view jq, const redactor& hide)
{
    std::string made;
    for (std::size_t at = 0; at < jq.size();) {
        if (jq[at] == '"') {
            made += "\"…\"";
            at = end_of_string(jq, at);
        } else if (jq[at] == '#') {
            at = std::min(jq.find('\n', at), jq.size());
        } else {
            made += jq[at++];
        }
    }
    return hide(made);
}

/// `Hello {{ .applicant.name }}!` → `…{{ .applicant.name }}…`
std::string text_with_expressions(std::string_view text, const redactor& hide)
{
    std::string made;
    for (;;) {
        const auto begin = text.find("{{");
        const auto end = begin == std::string_view::npos ? begin : text.find("}}", begin);
        made += begin == 0 || text.empty() ? "" : "…";
        if (end == std::string_view::npos)
            return made;
        made += "{{" + expression(text.substr(begin + 2, end - begin - 2), hide) + "}}";
        text.remove_prefix(end + 2);
    }
}

/// `https://user:secret@hr.example.com/secret` → `https://hr.example.com/…`
std::string host_only(const std::string& url)
{
    static const std::regex parts(R"((https?)://(?:[^/@]*@)?([^/?#@]*).*)");
    std::smatch found;
    return url.size() <= longest_judged && std::regex_match(url, found, parts)
               ? found[1].str() + "://" + found[2].str() + "/…"
               : as_length(url);
}

std::string plain_value(std::string_view key, const std::string& text, const redactor& hide)
{
    if (matches(text, "(true|false|null|~|-?[0-9]{1,9}(\\.[0-9]{1,9})?|[0-9]{1,7}[smhd]|[0-9]{4}-[0-9]{2}-[0-9]{2})"))
        return text;
    if (is_one_of(word_keys, key) && matches(text, "[A-Za-z][A-Za-z0-9_/+ -]{0,39}"))
        return hide(text);
    if (text.starts_with("http://") || text.starts_with("https://"))
        return hide(host_only(text));
    if ((key == "listen" || key == "address") && matches(text, R"([0-9a-fA-F.:\[\]]+)"))
        return text;
    if (key == "ledger")
        return text.substr(0, std::min(text.find(':'), text.size())) + ":…";
    return text.find("{{") != std::string::npos ? text_with_expressions(text, hide) : as_length(text);
}

std::string value_of(std::string_view key, const config::node& value, const redactor& hide)
{
    if (value.tag == "!jq")
        return "!jq " + expression(value.text, hide);
    if (value.tag == "!file")
        return "!file (a path)";
    if (!value.tag.empty())
        return value.tag + ' ' + hide(value.text);
    return value.kind == config::node_kind::null ? "" : plain_value(key, value.text, hide);
}

std::string key_of(const std::string& key, const redactor& hide)
{
    return matches(key, "[A-Za-z0-9_-]{1,40}") ? hide(key) : "…";
}

std::string lines_of(std::string_view key, const config::node& value, bool is_secret, const std::string& indent,
                     const redactor& hide)
{
    if (value.kind == config::node_kind::sequence) {
        std::string made = "\n";
        for (const auto& item : value.items)
            made += indent + "-" + lines_of(key, item, is_secret, indent + "  ", hide);
        return made;
    }
    if (value.kind == config::node_kind::mapping) {
        std::string made = "\n";
        for (const auto& member : value.members) {
            const bool below =
                is_secret || is_one_of(secret_keys, member.key.text) || is_one_of(doubtful_keys, member.key.text);
            made += indent + key_of(member.key.text, hide) + ':' +
                    lines_of(member.key.text, member.value, below, indent + "  ", hide);
        }
        return made;
    }
    const auto shown = is_secret && value.tag.empty() ? "(not shown)" : value_of(key, value, hide);
    return (shown.empty() ? "" : ' ' + shown) + '\n';
}

enum class secrecy { none, doubtful, sure };

secrecy secrecy_below(std::string_view key, secrecy above)
{
    if (is_one_of(secret_keys, key))
        return secrecy::sure;
    return is_one_of(doubtful_keys, key) ? std::max(above, secrecy::doubtful) : above;
}

void hide_secrets_in(const config::node& value, secrecy how_secret, const config::tag_sources& sources, redactor& hide)
{
    for (const auto& item : value.items)
        hide_secrets_in(item, how_secret, sources, hide);
    for (const auto& member : value.members)
        hide_secrets_in(member.value, secrecy_below(member.key.text, how_secret), sources, hide);
    if (value.kind != config::node_kind::scalar || value.tag == "!jq")
        return;
    const bool is_secret = !value.tag.empty() || how_secret == secrecy::sure ||
                           (how_secret == secrecy::doubtful && value.text.size() >= shortest_doubtful);
    config::problems ignored; // what can't be read here can't be known here
    if (auto text = is_secret ? config::resolve_text(value, sources, ignored) : std::nullopt)
        hide.hide_secret(std::move(*text));
}

} // namespace

std::string outline(const config::node& file, const redactor& hide)
{
    const auto lines = lines_of("", file, false, "  ", hide);
    return lines.starts_with('\n') ? lines.substr(1) : "  " + lines;
}

void hide_secrets(const config::node& file, const config::tag_sources& sources, redactor& hide)
{
    hide_secrets_in(file, secrecy::none, sources, hide);
}

} // namespace testdome_sync::bug_report
