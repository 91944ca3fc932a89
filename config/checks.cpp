#include "config/checks.hpp"

#include "config/reader.hpp"

#include <sys/stat.h>

namespace testdome_sync::config {

void require_url(const std::string& url, const node& where, problems& found)
{
    const bool secure = url.starts_with("https://") && url.size() > 8;
    const bool clean = url.find_first_of(" \t\r\n\"<>") == std::string::npos;
    if (!secure || !clean)
        found.add(where.where, shown_value(where, url.substr(0, url.find('?'))) + " is no https:// URL");
}

void refuse_public_secret(const node& value, problems& found)
{
    if (!value.tag.empty() || !value.where.file)
        return;
    struct stat status {};
    const auto& path = value.where.file->name;
    if (::stat(path.c_str(), &status) == 0 && (status.st_mode & S_IROTH) != 0)
        found.add(value.where, "a secret stands in a file that everybody on this machine can read; chmod 640 " + path +
                                   ", or write !credential NAME");
}

bool names_a_secret(std::string_view key)
{
    for (const std::string_view word : {"secret", "password", "token", "key"})
        if (key.find(word) != std::string_view::npos)
            return true;
    return false;
}

} // namespace testdome_sync::config
