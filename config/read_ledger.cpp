#include "config/read_ledger.hpp"

#include "config/checks.hpp"

#include <filesystem>

namespace testdome_sync::config {
namespace {

constexpr auto with_password = R"(write "ledger: {url: postgresql://USER@HOST/DATABASE, password: !credential NAME}")";

/// In a URL it would stand in process lists, logs and backups of the file.
bool holds_password(std::string_view url)
{
    const auto begin = url.find("//") + 2;
    const auto authority = url.substr(begin, url.find_first_of("/?", begin) - begin);
    const auto user = authority.substr(0, authority.rfind('@'));
    const bool before_host = authority.find('@') != std::string_view::npos && user.find(':') != std::string_view::npos;
    return before_host || url.find("password=", url.find('?')) != std::string_view::npos;
}

bool is_postgresql(std::string_view text)
{
    return text.starts_with("postgresql://") || text.starts_with("postgres://");
}

void read_location(const node& written, const std::string& text, const tag_sources& sources, ledger_settings& into,
                   problems& found)
{
    if (text.starts_with("sqlite:") && text.size() > 7) {
        const std::filesystem::path path = text.substr(7);
        into.path = path.is_absolute()
                        ? path.string()
                        : (std::filesystem::path(sources.base_directory) / path).lexically_normal().string();
    } else if (is_postgresql(text) && holds_password(text)) {
        found.add(written.where, std::string("a password has no place in a URL; ") + with_password);
    } else if (is_postgresql(text)) {
        into.path.clear();
        into.url = text;
    } else if (!text.empty()) {
        found.add(written.where, "\"ledger\" is written as sqlite:PATH or as postgresql://USER@HOST/DATABASE, not " +
                                     shown_value(written, text));
    }
}

} // namespace

ledger_settings read_ledger_location(const std::string& text, const std::string& directory, problems& found)
{
    ledger_settings into;
    node written;
    written.text = text;
    read_location(written, text, {.credentials_directory = {}, .base_directory = directory}, into, found);
    return into;
}

ledger_settings read_ledger(const node& value, jq_library& library, const tag_sources& sources, problems& found)
{
    ledger_settings into;
    if (value.kind != node_kind::mapping) {
        if (const auto text = resolve_text(value, sources, found))
            read_location(value, *text, sources, into, found);
        into.where = value.where;
        return into;
    }
    reader in(value, "\"ledger\"", library, sources, found);
    if (const auto* url = in.require("url")) {
        into.where = url->where;
        if (const auto text = in.text("url"); !text.empty() && !is_postgresql(text))
            found.add(url->where, "\"url\" begins with postgresql://; a file is written as ledger: sqlite:PATH");
        else
            read_location(*url, text, sources, into, found);
    }
    into.password = in.secret_text("password");
    if (const auto* password = in.child("password")) {
        refuse_public_secret(*password, found);
        into.has_stand_in = password->tag == "!credential" && sources.credentials == secrets::unneeded &&
                            sources.credentials_directory.empty();
    }
    return into;
}

} // namespace testdome_sync::config
