#pragma once

#include "config/read_mapping.hpp"
#include "connectors/exec/description.hpp"

#include <memory>
#include <optional>
#include <string>

namespace testdome_sync::exec {

/// A mapping file given as text, read as `connector: exec`.
struct described {
    explicit described(const std::string& text, const std::string& name = "m.yaml",
                       const config::tag_sources& sources = {})
    {
        auto file = std::make_shared<config::source>();
        file->name = name;
        file->text =
            "connector: exec\nrules:\n  - {name: all, test: T, invitation: {reply_to: a@b.c, message: m}}\n" + text;
        const auto tree = config::parse_yaml(file, found);
        if (!tree)
            return;
        mapping = config::read_mapping(*tree, name, sources, found);
        what = read_description(*mapping, found);
        mapping->library->compile(found);
    }

    config::problems found;
    std::optional<config::mapping> mapping;
    std::optional<description> what;
};

} // namespace testdome_sync::exec
