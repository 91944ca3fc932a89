#pragma once

#include "connectors/exec/description.hpp"
#include "tests/support/mapping_text.hpp"

#include <memory>
#include <optional>
#include <string>

namespace testdome_sync::exec {

/// A mapping file given as text, read as `connector: exec`.
struct described {
    explicit described(const std::string& text, const std::string& name = "m.yaml",
                       const config::tag_sources& sources = {})
    {
        mapping = testing::mapping_from("exec", text, sources, found, name);
        if (!mapping)
            return;
        what = read_description(*mapping, found);
        mapping->library->compile(found);
    }

    config::problems found;
    std::optional<config::mapping> mapping;
    std::optional<description> what;
};

} // namespace testdome_sync::exec
