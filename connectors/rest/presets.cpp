#include "connectors/rest/presets.hpp"

#include <cstdlib>
#include <filesystem>
#include <set>

namespace testdome_sync::rest {
namespace fs = std::filesystem;
namespace {

/// `NAME.examples.yaml` stands beside the preset that it is about (connectors/examples).
bool holds_examples(const std::string& name)
{
    return name.ends_with(".examples");
}

} // namespace

std::vector<std::string> preset_directories()
{
    std::vector<std::string> directories;
    // For those who run it from a build tree, or keep presets elsewhere.
    if (const char* own = std::getenv("TESTDOME_SYNC_PRESETS"); own && *own != '\0')
        directories.emplace_back(own);
    directories.emplace_back("/etc/testdome-sync/presets.d");
    directories.emplace_back(TESTDOME_SYNC_PRESET_DIR);
    std::error_code error;
    const auto program = fs::read_symlink("/proc/self/exe", error);
    // Not yet installed: the presets stand beside the sources that this program was built from.
    if (!error && program.string().starts_with(TESTDOME_SYNC_BUILD_DIR))
        directories.emplace_back(TESTDOME_SYNC_SOURCE_PRESETS);
    return directories;
}

std::vector<std::string> preset_names(const std::vector<std::string>& directories)
{
    std::set<std::string> names;
    for (const auto& directory : directories) {
        std::error_code error;
        for (const auto& entry : fs::directory_iterator(directory, error))
            if (entry.path().extension() == ".yaml" && !holds_examples(entry.path().stem().string()))
                names.insert(entry.path().stem().string());
    }
    return {names.begin(), names.end()};
}

std::optional<std::string> preset_path(const std::string& name, const std::vector<std::string>& directories)
{
    if (name.empty() || name.find('/') != std::string::npos || name.starts_with('.') || holds_examples(name))
        return std::nullopt;
    for (const auto& directory : directories) {
        const auto path = fs::path(directory) / (name + ".yaml");
        std::error_code error;
        if (fs::exists(path, error))
            return path.string();
    }
    return std::nullopt;
}

std::optional<config::node> find_preset(const std::string& name, const std::vector<std::string>& directories,
                                        config::problems& found)
{
    const auto path = preset_path(name, directories);
    return path ? config::read_yaml(*path, found) : std::nullopt;
}

} // namespace testdome_sync::rest
