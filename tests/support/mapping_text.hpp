#pragma once

#include "config/read_mapping.hpp"

#include <memory>
#include <optional>
#include <string>

namespace testdome_sync::testing {

/// A mapping file with one rule and `text`, which stands from its fourth line on. Nothing if it is no YAML.
inline std::optional<config::mapping> mapping_from(const std::string& connector, const std::string& text,
                                                   const config::tag_sources& sources, config::problems& found,
                                                   const std::string& name = "m.yaml")
{
    auto file = std::make_shared<config::source>();
    file->name = name;
    file->text = "connector: " + connector +
                 "\nrules:\n  - {name: all, test: T, invitation: {reply_to: a@b.c, message: m}}\n" + text;
    const auto tree = config::parse_yaml(file, found);
    if (!tree)
        return std::nullopt;
    return config::read_mapping(*tree, name, sources, found);
}

} // namespace testdome_sync::testing
