#pragma once

#include "config/read_mapping.hpp"
#include "connectors/rest/description.hpp"

#include <memory>
#include <optional>
#include <string>

namespace testdome_sync::rest {

/// A mapping file given as text, read as `connector: rest`.
struct described {
    explicit described(const std::string& text, const std::string& connector = "rest")
    {
        auto file = std::make_shared<config::source>();
        file->name = "m.yaml";
        file->text = "connector: " + connector +
                     "\nrules:\n  - {name: all, test: T, invitation: {reply_to: a@b.c, message: m}}\n" + text;
        const auto tree = config::parse_yaml(file, found);
        if (!tree)
            return;
        mapping = config::read_mapping(*tree, "m.yaml", {}, found);
        what = read_description(*mapping, nullptr, found);
        mapping->library->compile(found);
    }

    config::problems found;
    std::optional<config::mapping> mapping;
    std::optional<description> what;
};

/// The least that a description needs.
inline const std::string least = R"(url: https://hr.example.com/v1
list: {request: {path: /apps}, records: !jq '.body.rows[]'}
application: {id: !jq .id, applicant: {email: !jq .email}}
)";

} // namespace testdome_sync::rest
