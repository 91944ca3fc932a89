#include "config/reader.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace testdome_sync::config {
namespace {

std::string joined(const std::string& directory, const std::string& name)
{
    return name.starts_with('/') || directory.empty() ? name : directory + '/' + name;
}

/// The whole file without the newline at its end; a problem if it can't be read, is empty, or others may read it.
std::optional<std::string> secret_file(const std::string& path, const position& where, problems& found)
{
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        found.add(where, "the file " + path + " can't be read: " + std::generic_category().message(errno));
        return std::nullopt;
    }
    if ((status.st_mode & S_IROTH) != 0) {
        found.add(where, "the file " + path + " can be read by everybody on this machine; chmod 640 " + path);
        return std::nullopt;
    }
    // Looked at first: to open a pipe is to wait for whoever writes into it.
    const bool file = S_ISREG(status.st_mode) && status.st_size <= 65536;
    std::ifstream input(file ? path : std::string{}, std::ios::binary);
    std::ostringstream text;
    if (!file || !(text << input.rdbuf())) {
        found.add(where, "the file " + path + " can't be read, is empty, or is no file of at most 64 KiB");
        return std::nullopt;
    }
    auto value = text.str();
    while (!value.empty() && (value.back() == '\n' || value.back() == '\r'))
        value.pop_back();
    if (value.empty() || value.find('\0') != std::string::npos) {
        found.add(where, "the file " + path + " holds no text");
        return std::nullopt;
    }
    return value;
}

std::optional<std::string> credential(const node& value, const tag_sources& sources, problems& found)
{
    if (value.text.empty() || value.text.find('/') != std::string::npos) {
        found.add(value.where, "!credential needs the name of a systemd credential, as in LoadCredential=NAME:PATH");
        return std::nullopt;
    }
    if (is_stand_in(value, sources))
        return "not read";
    if (sources.credentials_directory.empty()) {
        found.add(value.where,
                  "there are no systemd credentials ($CREDENTIALS_DIRECTORY is not set); start the program as the "
                  "service, or write !file PATH");
        return std::nullopt;
    }
    return secret_file(joined(sources.credentials_directory, value.text), value.where, found);
}

} // namespace

std::optional<std::chrono::seconds> parse_duration(const node& value, problems& found)
{
    const auto& text = value.text;
    std::size_t digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9')
        ++digits;
    long long unit = 0;
    if (digits > 0 && digits < 8 && digits + 1 == text.size()) {
        switch (text.back()) {
        case 's': unit = 1; break;
        case 'm': unit = 60; break;
        case 'h': unit = 3600; break;
        case 'd': unit = 86400; break;
        default: break;
        }
    }
    if (value.kind != node_kind::scalar || unit == 0) {
        found.add(value.where, "a duration is written as 90s, 15m, 2h or 7d, not \"" + text + '"');
        return std::nullopt;
    }
    return std::chrono::seconds(std::stoll(text) * unit);
}

bool is_stand_in(const node& value, const tag_sources& sources)
{
    return value.tag == "!credential" && sources.credentials == secrets::unneeded &&
           sources.credentials_directory.empty();
}

std::string shown_value(const node& value, const std::string& resolved)
{
    return value.tag.empty() ? '"' + resolved + '"' : "what " + value.tag + ' ' + value.text + " gives";
}

std::optional<std::string> resolve_text(const node& value, const tag_sources& sources, problems& found)
{
    if (value.kind == node_kind::null || (value.kind == node_kind::scalar && value.text.empty() && value.tag.empty())) {
        found.add(value.where, "a value is missing here");
        return std::nullopt;
    }
    if (value.kind != node_kind::scalar) {
        found.add(value.where, value.kind == node_kind::sequence ? "a list stands where a text is expected"
                                                                 : "a mapping stands where a text is expected");
        return std::nullopt;
    }
    if (value.tag == "!credential")
        return credential(value, sources, found);
    if (value.tag == "!file")
        return secret_file(joined(sources.base_directory, value.text), value.where, found);
    if (value.tag == "!env") {
        const char* text = std::getenv(value.text.c_str());
        if (text && *text != '\0')
            return text;
        found.add(value.where, "the environment variable " + value.text + " is not set");
        return std::nullopt;
    }
    if (value.tag == "!jq") {
        found.add(value.where, "this value can't be computed with !jq; write it out");
        return std::nullopt;
    }
    return value.text;
}

} // namespace testdome_sync::config
