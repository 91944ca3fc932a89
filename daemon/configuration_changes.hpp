#pragma once

#include "daemon/configuration.hpp"
#include "sync/ledger.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace testdome_sync::daemon {

/// Digests of what was read for one mapping: the same as long as it means the same, whatever its comments and layout.
struct mapping_fingerprint {
    std::string all;                          ///< with its preset, and what !credential, !env and !file give
    std::map<std::string, std::string> rules; ///< by the rule's name
};
using configuration_fingerprints = std::map<std::string, mapping_fingerprint>; ///< by the mapping's name

/// Reads secrets and presets once more: ask at the time when the configuration is read.
configuration_fingerprints fingerprints_of(const checked_configuration& configuration);

/// What a new configuration changes, and for whom.
struct configuration_changes {
    int added = 0, removed = 0, changed = 0;                   ///< mappings
    int rules_added = 0, rules_removed = 0, rules_changed = 0; ///< of all mappings, added and removed ones included
    std::set<std::string> unchanged;                           ///< names of mappings
    std::map<std::string, std::set<std::string>> touched;      ///< by mapping: rules that are changed or gone
};

configuration_changes compare(const configuration_fingerprints& before, const configuration_fingerprints& after);

/// How many assessments wait to be invited, or for a person, by one of the rules that are changed or gone.
struct touched_assessments {
    int planned = 0;
    int held = 0;
};
touched_assessments find_touched(const configuration_changes& changes, sync::ledger& ledger);

/// For people, and for the log's fields.
std::string to_text(const configuration_changes& changes, const touched_assessments& touched);
std::vector<sync::field> fields_of(const configuration_changes& changes, const touched_assessments& touched);

} // namespace testdome_sync::daemon
