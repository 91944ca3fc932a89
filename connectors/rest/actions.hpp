#pragma once

#include "config/jq.hpp"
#include "config/reader.hpp"
#include "connectors/rest/paging.hpp"
#include "connectors/rest/request_template.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace testdome_sync::rest {

/// How a look-up asks for several write-backs with one request.
struct batch_description {
    config::jq_expression id;                 ///< what this write-back asks about
    config::jq_expression records;            ///< every output is a row; sees a page's answer
    std::optional<config::jq_expression> key; ///< which id a row is about
    std::size_t most = 1;                     ///< ids in one request
};

/// A value that is needed from the HR system: a stage's id, the current list of tags. Seen as `.lookup.NAME` by
/// whatever comes after it.
struct lookup_description {
    std::string name;
    std::optional<config::jq_expression> when; ///< false: nothing is asked, and the value is null
    std::optional<request_template> request;   ///< none: `value` is made of what is known already
    paging_description paging;
    /// The request then sees `.ids`, and nothing of the write-backs.
    std::optional<batch_description> batch;
    config::jq_expression value; ///< sees the document and `.pages`: the bodies of all pages; of a batch, one list of
                                 ///< the rows that are about its id
    std::chrono::seconds cache{0};
    std::string missing; ///< what to say when the value is null; empty: null is fine
    /// The request makes what it asks for if it isn't there, and may be repeated without harm, as any question may be:
    /// never sent by `check`.
    bool creates = false;
};

/// The names that an action (or a rule's `.stage.name ==`) can have, so that `check --online` finds a misspelt one.
struct known_names {
    std::vector<lookup_description> lookups;
    config::jq_expression names; ///< sees `.lookup`; every output is a name
};

/// One of the requests that an action may come to.
struct action_request {
    std::optional<config::jq_expression> when; ///< none: always
    request_template request;
};

/// What `note:`, `field:`, `move_stage:` … mean. Templates see the write-back's document, `.argument`, `.marker`,
/// `.credentials`, `.lookup` and `.now`.
struct action_description {
    std::string name;
    std::string description;
    std::vector<lookup_description> lookups;
    std::optional<request_template> already_request;
    paging_description already_paging;
    std::optional<config::jq_expression> already; ///< sees `.pages` of the request, if there is one
    std::vector<action_request> requests;         ///< the first whose `when` is true is sent
    bool idempotent = false;
    std::optional<known_names> known; ///< of the action's argument: the text, or the keys of a mapping
};

std::map<std::string, action_description> read_actions(const config::node& value, config::reader& parent);
known_names read_known_names(const config::node& value, const std::string& what, config::reader& parent);
/// The look-ups under `lookups:`, in the order in which they are written.
std::vector<lookup_description> read_lookups(config::reader& in);

} // namespace testdome_sync::rest
