#include "daemon/configuration_changes.hpp"

#include "connectors/http/digest.hpp"
#include "connectors/rest/presets.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace testdome_sync::daemon {
namespace json = boost::json;
namespace {

/// What a tag gives enters as a digest, so that no secret is kept.
std::string resolved(const config::node& value, const config::tag_sources& sources)
{
    if (value.tag.empty() || value.tag == "!jq")
        return value.text;
    config::problems ignored;
    const config::secret given(config::resolve_text(value, sources, ignored).value_or(""));
    return http::digest({value.text, given.reveal()});
}

json::value canonical(const config::node& value, const config::tag_sources& sources)
{
    json::array parts{static_cast<int>(value.kind), value.tag};
    switch (value.kind) {
    case config::node_kind::null: break;
    case config::node_kind::scalar:
        parts.emplace_back(value.quoted);
        parts.emplace_back(resolved(value, sources));
        break;
    case config::node_kind::sequence:
        for (const auto& item : value.items)
            parts.push_back(canonical(item, sources));
        break;
    case config::node_kind::mapping:
        for (const auto& [key, member] : value.members) {
            parts.emplace_back(key.text);
            parts.push_back(canonical(member, sources));
        }
        break;
    }
    return parts;
}

std::string digest_of(const config::node& value, const config::tag_sources& sources)
{
    return http::digest({json::serialize(canonical(value, sources))});
}

std::string preset_digest(const config::mapping& mapping, const config::tag_sources& sources)
{
    config::problems ignored;
    const auto preset = rest::find_preset(mapping.connector, rest::preset_directories(), ignored);
    return preset ? digest_of(*preset, sources) : std::string{};
}

mapping_fingerprint fingerprint_of(const config::mapping& mapping)
{
    mapping_fingerprint made;
    config::problems ignored;
    const auto tree = config::parse_yaml(mapping.connector_where.file, ignored);
    if (!tree)
        return made;
    made.all = digest_of(*tree, mapping.sources) + preset_digest(mapping, mapping.sources);
    if (const auto* rules = tree->find("rules"))
        for (std::size_t i = 0; i < std::min(rules->items.size(), mapping.rules.size()); ++i)
            made.rules[mapping.rules[i].name] = digest_of(rules->items[i], mapping.sources);
    return made;
}

void compare_rules(const std::string& mapping, const mapping_fingerprint& before, const mapping_fingerprint& after,
                   configuration_changes& found)
{
    for (const auto& [rule, digest] : before.rules) {
        const auto now = after.rules.find(rule);
        if (now != after.rules.end() && now->second == digest)
            continue;
        ++(now == after.rules.end() ? found.rules_removed : found.rules_changed);
        found.touched[mapping].insert(rule);
    }
    for (const auto& [rule, digest] : after.rules)
        found.rules_added += before.rules.contains(rule) ? 0 : 1;
}

} // namespace

configuration_fingerprints fingerprints_of(const checked_configuration& configuration)
{
    configuration_fingerprints all;
    for (const auto& mapping : configuration.mappings)
        all[mapping.settings.name] = fingerprint_of(mapping.settings);
    return all;
}

configuration_changes compare(const configuration_fingerprints& before, const configuration_fingerprints& after)
{
    configuration_changes found;
    static const mapping_fingerprint none;
    for (const auto& [name, was] : before) {
        const auto now = after.find(name);
        compare_rules(name, was, now == after.end() ? none : now->second, found);
        if (now == after.end())
            ++found.removed;
        else if (now->second.all != was.all)
            ++found.changed;
        else
            found.unchanged.insert(name);
    }
    for (const auto& [name, now] : after) {
        if (before.contains(name))
            continue;
        ++found.added;
        compare_rules(name, none, now, found);
    }
    return found;
}

touched_assessments find_touched(const configuration_changes& changes, sync::ledger& ledger)
{
    using enum sync::assessment_state;
    touched_assessments counted;
    for (const auto& [mapping, rules] : changes.touched)
        for (const auto& one : ledger.assessments({.states = {planned, held}, .mapping = mapping}))
            if (rules.contains(one.rule))
                ++(one.state == planned ? counted.planned : counted.held);
    return counted;
}

std::string to_text(const configuration_changes& changes, const touched_assessments& touched)
{
    const auto counts = [](int added, int removed, int changed) {
        return std::to_string(added) + " added, " + std::to_string(removed) + " removed, " + std::to_string(changed) +
               " changed";
    };
    return "mappings: " + counts(changes.added, changes.removed, changes.changed) + ", " +
           std::to_string(changes.unchanged.size()) +
           " unchanged; rules: " + counts(changes.rules_added, changes.rules_removed, changes.rules_changed) + "; " +
           std::to_string(touched.planned) + " planned and " + std::to_string(touched.held) +
           " held assessments are by rules that are changed or gone";
}

std::vector<sync::field> fields_of(const configuration_changes& changes, const touched_assessments& touched)
{
    return {{"mappings_added", std::to_string(changes.added)},
            {"mappings_removed", std::to_string(changes.removed)},
            {"mappings_changed", std::to_string(changes.changed)},
            {"mappings_unchanged", std::to_string(changes.unchanged.size())},
            {"rules_added", std::to_string(changes.rules_added)},
            {"rules_removed", std::to_string(changes.rules_removed)},
            {"rules_changed", std::to_string(changes.rules_changed)},
            {"planned_touched", std::to_string(touched.planned)},
            {"held_touched", std::to_string(touched.held)}};
}

} // namespace testdome_sync::daemon
