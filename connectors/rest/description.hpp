#pragma once

#include "config/jq.hpp"
#include "config/mapping.hpp"
#include "config/node.hpp"
#include "config/problems.hpp"
#include "config/templates.hpp"
#include "connectors/http/service.hpp"
#include "connectors/rest/actions.hpp"
#include "connectors/rest/answer_rules.hpp"
#include "connectors/rest/authentication.hpp"
#include "connectors/rest/paging.hpp"
#include "connectors/rest/request_template.hpp"
#include "connectors/rest/used_names.hpp"
#include "connectors/times.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace testdome_sync::rest {

/// One value that the mapping's `credentials:` must or may give.
struct parameter {
    std::string name;
    bool required = true;
    bool secret = true; ///< false: records and applications may see it, as `.parameters.NAME`
    std::string description;
};

/// A list is read once for each item of another one: a job, for instance.
struct each_description {
    request_template request;
    paging_description paging;
    config::jq_expression items; ///< of a page's answer
    std::chrono::seconds cache{0};
};

/// One list request. It sees `.since`, `.cursor` (what the last poll left), `.credentials`, `.lookup`, `.now`, and
/// `.item` with `for_each`. `records`, `next`, `more` … see `.body`, `.headers` (lower case), `.status`, `.parameters`
/// and `.item` of one answer.
struct list_description {
    std::string name; ///< what the ledger remembers a slow list by
    request_template request;
    connectors::time_format since;
    config::jq_expression records; ///< every output is one record
    paging_description paging;
    std::optional<config::jq_expression> cursor; ///< what to keep for the next poll, from the last page
    /// A record's time: newest first, so that an older one ends the reading.
    std::optional<config::jq_expression> older;
    std::optional<each_description> for_each;
    std::chrono::seconds every{0}; ///< not read more often; 0: at each poll
    bool window_of_changes = true; ///< `.since` is compared with the last change; false: with the application's time
};

/// A further request that records need: `ids` of each record, asked for in batches, found again by `key`.
struct enrich_description {
    std::string name;          ///< the record gets it as `.joined.NAME`
    config::jq_expression ids; ///< of a record; every output is an id
    request_template request;  ///< sees `.ids` (a batch), `.id` (its first), `.credentials` and `.lookup`
    paging_description paging;
    config::jq_expression records;
    std::optional<config::jq_expression> key; ///< of a joined record; none: it belongs to `.id`
    bool many = false;                        ///< `.joined.NAME` is the list of all rows of that key
    std::size_t batch = 1;
    std::chrono::seconds cache{0}; ///< 0: asked for at each poll
    bool required = false;         ///< a record whose join is missing is held back
};

/// All that the connector knows of one HR system: a preset with the mapping's own keys on top.
struct description {
    std::string mapping; ///< the mapping's name, for logs
    std::string summary;
    std::string url;
    std::string ca_file;
    std::string crl_file;
    std::chrono::seconds timeout{30}; ///< for each request, waiting for a connection included
    std::string time_zone;            ///< of times that tell none; empty: UTC
    std::vector<parameter> parameters;
    std::vector<std::string> caveats;
    auth_description auth;
    std::vector<std::pair<std::string, config::json_template>> headers;
    http::service_options service;
    std::vector<lookup_description> lookups; ///< needed by everything: a sign-in's number, a company's id
    std::vector<list_description> lists;
    std::vector<enrich_description> enrich;
    std::optional<config::jq_expression> select; ///< of a record with its joins; false leaves it out
    std::optional<config::jq_expression> split;  ///< several applications from one record: every output is one
    config::json_template application;
    answer_description answer;
    std::map<std::string, action_description> actions;
    std::map<std::string, std::string> lacks; ///< actions that the HR system can't carry out, and why
    std::optional<request_template> check;
    std::optional<known_names> stage_names;
    std::vector<used_name> used_names;
    boost::json::object credentials;     ///< holds secrets: goes into requests and nowhere else
    boost::json::object open_parameters; ///< those that are no secret
    /// Some list is read as far back as the window goes, so that who is first seen later may have been there before.
    bool reads_window = false;
    bool records_see_parameters = false; ///< `select`, `split` or `application` mention `.parameters`
};

/// Reads what the mapping says on top of `preset` (null with `connector: rest`). Every mistake is a problem;
/// expressions are added to the mapping's library, which the caller compiles afterwards.
std::optional<description> read_description(const config::mapping& mapping, const config::node* preset,
                                            config::problems& found);

/// Parts of read_description that have a file of their own.
void read_connection(config::reader& in, const config::mapping& mapping, description& into);
void read_parameters(config::reader& in, const config::mapping& mapping, description& into);
void read_reading(config::reader& in, description& into);
config::jq_expression required_expression(config::reader& in, std::string_view key);

} // namespace testdome_sync::rest
