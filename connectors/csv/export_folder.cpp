#include "connectors/csv/export_folder.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <dirent.h>
#include <fnmatch.h>
#include <memory>
#include <tuple>

namespace testdome_sync::csv {
namespace {

struct closes_folder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};

} // namespace

bool is_temporary_name(std::string_view name)
{
    constexpr std::array<std::string_view, 6> endings{".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload"};
    std::string lower(name);
    std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    return lower.starts_with('.') || lower.starts_with("~$") || lower.ends_with('~') ||
           std::ranges::any_of(endings, [&](std::string_view ending) { return lower.ends_with(ending); });
}

sync::result<std::vector<file_state>> list_exports(const description& described)
{
    const std::unique_ptr<DIR, closes_folder> folder(::opendir(described.files.c_str()));
    if (!folder && errno != ENOTDIR)
        return file_failure(described.files, errno);
    std::vector<file_state> found;
    if (!folder) {
        auto one = state_of(described.files);
        if (!one)
            return one.error();
        found.push_back(std::move(*one));
        return found;
    }
    errno = 0;
    while (const auto* entry = ::readdir(folder.get())) {
        const std::string name = entry->d_name;
        const auto path = described.files + '/' + name;
        const bool is_outcome_file = described.outcomes && name == name_of(described.outcomes->path) &&
                                     folder_of(path) == folder_of(described.outcomes->path);
        if (is_temporary_name(name) || is_outcome_file || ::fnmatch(described.pattern.c_str(), name.c_str(), 0) != 0)
            continue;
        if (auto one = state_of(path)) // else it is a folder, or was taken away just now
            found.push_back(std::move(*one));
        if (found.size() > file_count_limit)
            return sync::failure{sync::errc::not_sent, described.files + ": there are more than " +
                                                           std::to_string(file_count_limit) + " files like \"" +
                                                           described.pattern + "\"; put the old ones away"};
        errno = 0;
    }
    if (errno != 0)
        return file_failure(described.files, errno);
    std::ranges::sort(found, {}, [](const file_state& one) { return std::tie(one.modified, one.name); });
    return found;
}

} // namespace testdome_sync::csv
