#pragma once

#include "config/jq.hpp"
#include "config/mapping.hpp"
#include "config/node.hpp"
#include "config/problems.hpp"
#include "config/templates.hpp"
#include "connectors/http/service.hpp"
#include "connectors/rest/request_template.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace testdome_sync::rest {

/// One value that the mapping's `credentials:` must or may give.
struct parameter {
    std::string name;
    bool required = true;
    std::string description;
};

enum class auth_type { none, basic, bearer, header, query, oauth2_client_credentials, oauth2_password };

/// `auth:`. The templates see `.credentials`.
struct auth_description {
    auth_type type = auth_type::none;
    config::text_template user;   ///< basic
    config::text_template secret; ///< basic: password; bearer, header, query: the value
    std::string name;             ///< header or query: its name
    std::string token_url;        ///< oauth2
    bool client_in_body = false;  ///< oauth2: `client: body` (else HTTP Basic)
    std::vector<std::pair<std::string, config::json_template>> form; ///< oauth2: further form fields
    std::string token_scheme = "Bearer ";
};

enum class paging_type { none, link_header, next_url, cursor, offset, page, since_id };
enum class value_place { query, body, header };

/// How a list goes on after its first page. Expressions see the page's answer (see `list_description`).
struct paging_description {
    paging_type type = paging_type::none;
    std::optional<config::jq_expression> next; ///< next_url: the URL; cursor, since_id: the value; null ends the list
    std::optional<config::jq_expression> more; ///< false ends the list
    std::string parameter;                     ///< of cursor, offset, page number or id
    value_place place = value_place::query;
    bool only_parameter = false; ///< the next request carries the cursor and no other query parameter
    long long first = 1;         ///< page: number of the first page
    long long size = 0;          ///< offset, page: rows of a full page; a shorter one is the last
};

/// How `.since` is written.
enum class time_format { iso, iso_ms, iso_naive, date, epoch_s, epoch_ms };

/// One list request. It sees `.since`, `.cursor` (what the last poll left), `.credentials`, and `.item` with
/// `for_each`. `records`, `next`, `more` see `.body`, `.headers` (lower case) and `.status` of one answer.
struct list_description {
    request_template request;
    time_format since = time_format::iso_ms;
    config::jq_expression records; ///< every output is one record
    paging_description paging;
    std::optional<config::jq_expression> cursor; ///< what to keep for the next poll, from the last page
    std::optional<config::jq_expression>
        older; ///< a record's time: newest first, so that an older one ends the reading
    std::optional<request_template> for_each;
    std::optional<config::jq_expression> for_each_items;
};

/// A further request that records need: `ids` of each record, asked for in batches, found again by `key`.
struct enrich_description {
    std::string name;          ///< the record gets it as `.joined.NAME`
    config::jq_expression ids; ///< of a record; every output is an id
    request_template request;  ///< sees `.ids` (a batch) and `.id` (its first)
    config::jq_expression records;
    config::jq_expression key; ///< of a joined record
    std::size_t batch = 1;
    std::chrono::seconds cache{0}; ///< 0: asked for at each poll
    bool required = false;         ///< a record whose join is missing is held back
};

/// A value that an action needs from the HR system: a stage's id, the current list of tags. Seen as `.lookup.NAME`.
struct lookup_description {
    std::string name;
    request_template request;
    paging_description paging;
    config::jq_expression value; ///< sees the document and `.pages`, the bodies of all pages
    std::chrono::seconds cache{0};
    std::string missing; ///< what to say when the value is null; empty: null is fine
};

/// The names that an action (or a rule's `.stage.name ==`) can have, so that `check --online` finds a misspelt one.
struct known_names {
    std::vector<lookup_description> lookups;
    config::jq_expression names; ///< sees `.lookup`; every output is a name
};

/// What `note:`, `field:`, `move_stage:` … mean. Templates see the write-back's document, `.argument`, `.marker`,
/// `.credentials` and `.lookup`.
struct action_description {
    std::string name;
    std::string description;
    std::vector<lookup_description> lookups;
    std::optional<request_template> already_request;
    paging_description already_paging;
    std::optional<config::jq_expression> already; ///< sees `.pages` of the request, if there is one
    request_template request;
    bool idempotent = false;
    std::optional<known_names> known; ///< of the action's argument: the text, or the keys of a mapping
};

/// A name that the mapping file uses and that the HR system must know.
struct used_name {
    std::string action; ///< empty: a stage in a rule
    std::string name;
    config::position where;
};

/// All that the connector knows of one HR system: a preset with the mapping's own keys on top.
struct description {
    std::string mapping; ///< the mapping's name, for logs
    std::string summary;
    std::string url;
    std::string ca_file;
    std::string crl_file;
    std::chrono::seconds timeout{30}; ///< for each request, waiting for a connection included
    std::vector<parameter> parameters;
    std::vector<std::string> caveats;
    auth_description auth;
    std::vector<std::pair<std::string, config::text_template>> headers;
    http::service_options service;
    std::vector<list_description> lists;
    std::vector<enrich_description> enrich;
    std::optional<config::jq_expression> select; ///< of a record with its joins; false leaves it out
    std::optional<config::jq_expression> split;  ///< several applications from one record: every output is one
    config::json_template application;
    std::optional<config::jq_expression> success; ///< of `.body`: false is a failure in spite of the status
    std::optional<config::jq_expression> error;   ///< of `.body`: its text
    std::map<std::string, action_description> actions;
    std::optional<request_template> check;
    std::optional<known_names> stage_names;
    std::vector<used_name> used_names;
    boost::json::object credentials; ///< holds secrets: goes into requests and nowhere else
};

/// Reads what the mapping says on top of `preset` (null with `connector: rest`). Every mistake is a problem;
/// expressions are added to the mapping's library, which the caller compiles afterwards.
std::optional<description> read_description(const config::mapping& mapping, const config::node* preset,
                                            config::problems& found);

/// Parts of read_description that have a file of their own.
paging_description read_paging(const config::node* value, config::reader& parent);
std::map<std::string, action_description> read_actions(const config::node& value, config::reader& parent);
known_names read_known_names(const config::node& value, const std::string& what, config::reader& parent);
std::vector<used_name> find_used_names(const config::mapping& mapping);
config::jq_expression required_expression(config::reader& in, std::string_view key);
void read_parameters(const config::node& value, description& into, config::reader& parent);
/// What `credentials:` gives; whatever lacks or is not among `into.parameters` is a problem.
void take_credentials(const config::mapping& mapping, description& into, config::problems& found);

} // namespace testdome_sync::rest
