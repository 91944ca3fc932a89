#include "config/load.hpp"

#include "config/read_mapping.hpp"
#include "config/read_settings.hpp"

#include <algorithm>
#include <filesystem>

namespace testdome_sync::config {
namespace fs = std::filesystem;
namespace {

std::vector<std::string> mapping_files(const fs::path& directory, const std::string& beside, problems& found)
{
    std::vector<std::string> files;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(directory, error))
        if (entry.path().extension() == ".yaml" && !entry.path().filename().string().starts_with('.'))
            files.push_back(entry.path().string());
    std::ranges::sort(files);
    if (files.empty()) {
        auto missing = std::make_shared<source>();
        missing->name = beside;
        found.add({missing}, "there is no mapping file: " + directory.string() + "/NAME.yaml describes one HR system" +
                                 (error ? " (" + error.message() + ")" : ""));
    }
    return files;
}

} // namespace

settings load_settings(const std::string& path, const std::string& credentials_directory, problems& found,
                       secrets credentials)
{
    const auto directory = fs::path(path).parent_path();
    const tag_sources sources{credentials_directory, directory.empty() ? "." : directory.string(), credentials};
    settings loaded;
    loaded.path = path;
    if (const auto tree = read_yaml(path, found))
        loaded = read_settings(*tree, path, sources, found);
    return loaded;
}

configuration load(const std::string& path, const std::string& credentials_directory, problems& found,
                   secrets credentials)
{
    configuration loaded;
    loaded.main = load_settings(path, credentials_directory, found, credentials);
    const auto mappings = fs::path(path).parent_path() / "mappings.d";
    for (const auto& file : mapping_files(mappings, path, found)) {
        const tag_sources beside{credentials_directory, mappings.string(), credentials};
        if (const auto tree = read_yaml(file, found))
            loaded.mappings.push_back(read_mapping(*tree, file, beside, found));
    }
    return loaded;
}

} // namespace testdome_sync::config
