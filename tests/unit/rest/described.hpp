#pragma once

#include "connectors/rest/description.hpp"
#include "tests/support/mapping_text.hpp"

#include <memory>
#include <optional>
#include <string>

namespace testdome_sync::rest {

/// A mapping file given as text, read as `connector: rest`.
struct described {
    explicit described(const std::string& text, const std::string& connector = "rest")
    {
        mapping = testing::mapping_from(connector, text, {}, found);
        if (!mapping)
            return;
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
