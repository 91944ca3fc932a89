#pragma once

#include "config/problems.hpp"
#include "config/source.hpp"

#include <boost/json/value.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace testdome_sync::config {

enum class node_kind { null, scalar, sequence, mapping };

struct node_member;

/// A YAML value that knows where it stands and how it was written. A plain value tree: aliases are expanded, key
/// order is the file's, keys are unique.
struct node {
    node_kind kind = node_kind::null;
    position where;
    std::string text;        ///< scalar: its text
    bool quoted = false;     ///< scalar: written with quotes or as a block, so it is text whatever it looks like
    std::string tag;         ///< `!jq`, `!credential`, `!env`, `!file`, or empty
    std::vector<node> items; ///< sequence
    std::vector<node_member> members; ///< mapping

    /// The member of that name, or null. Lives as long as this node.
    const node* find(std::string_view key) const;
};

/// One entry of a mapping; the key is a scalar.
struct node_member {
    node key;
    node value;
};

/// Files above this size are refused before they are parsed.
inline constexpr std::size_t configuration_file_limit_bytes = 1024 * 1024;
/// A file may not expand to more nodes than this (aliases that multiply themselves).
inline constexpr std::size_t configuration_node_limit = 100'000;

/// Reads one YAML document. Duplicate keys, keys that are no scalars, unknown tags, tabs in the indentation, a
/// second document, more than 64 levels and too many nodes are problems with a position. No value if it isn't YAML.
std::optional<node> parse_yaml(std::shared_ptr<const source> file, problems& found);

/// Reads a file and parses it; a file that can't be read or is too large is a problem at its line 1.
std::optional<node> read_yaml(const std::string& path, problems& found);

/// `base` with what `changes` says otherwise: mappings are merged key by key, everything else is replaced. Every
/// part keeps its own position.
node merge(const node& base, const node& changes);

/// The JSON that the node means by YAML's core schema (`true`, `12`, `1.5`, `null`, `~`; everything else is text).
/// Tags are ignored: see json_template for a value whose parts are computed.
boost::json::value to_json(const node& value);

} // namespace testdome_sync::config
