#pragma once

#include "connectors/catalog/fact_sheet.hpp"

#include <memory>
#include <string>

namespace testdome_sync::catalog {

/// The facts of a preset that is given as text.
struct sheet {
    explicit sheet(const std::string& text)
    {
        auto file = std::make_shared<config::source>();
        file->name = "acme.yaml";
        file->text = text;
        const auto tree = config::parse_yaml(file, found);
        if (tree)
            facts = read_fact_sheet("acme", *tree, found);
    }

    config::problems found;
    fact_sheet facts;
};

} // namespace testdome_sync::catalog
