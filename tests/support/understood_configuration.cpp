#include "tests/support/understood_configuration.hpp"

#include "connectors/rest/presets.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include <sys/stat.h>

namespace testdome_sync::testing {
namespace fs = std::filesystem;
namespace {

void write(const fs::path& path, const std::string& text, mode_t mode = 0644)
{
    std::ofstream(path) << text;
    ::chmod(path.c_str(), mode);
}

/// A folder that is gone with this object.
struct folder {
    folder() : path(fs::temp_directory_path() / "testdome-sync-simulation.XXXXXX")
    {
        auto name = path.string();
        path = ::mkdtemp(name.data());
    }
    ~folder()
    {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
    folder(const folder&) = delete;
    folder& operator=(const folder&) = delete;

    fs::path path;
};

understood_configuration understand(const std::string& settings, const std::string& mapping)
{
    const folder place;
    fs::create_directories(place.path / "mappings.d");
    write(place.path / "testdome-client-secret", "sandbox-secret\n", 0600);
    write(place.path / "greenhouse-client-secret", "sandbox-secret\n", 0600);
    write(place.path / "testdome-sync.yaml", settings);
    write(place.path / "mappings.d" / "engineering.yaml", mapping);
    understood_configuration made;
    config::problems found;
    made.configuration = config::load((place.path / "testdome-sync.yaml").string(), "", found);
    for (auto& one : made.configuration.mappings) {
        const auto preset = rest::find_preset(one.connector, {TESTDOME_SYNC_SOURCE_DIR "/connectors/presets"}, found);
        auto described = rest::read_description(one, preset ? &*preset : nullptr, found);
        one.library->compile(found);
        if (!found.empty())
            throw config::configuration_error(found);
        made.connectors.push_back(std::move(*described));
    }
    return made;
}

} // namespace

const understood_configuration& understand_once(const std::string& settings, const std::string& mapping)
{
    static std::map<std::pair<std::string, std::string>, understood_configuration> known;
    auto found = known.find({settings, mapping});
    if (found == known.end())
        found = known.emplace(std::pair(settings, mapping), understand(settings, mapping)).first;
    return found->second;
}

} // namespace testdome_sync::testing
