#pragma once

#include "config/mapping.hpp"
#include "config/node.hpp"
#include "config/problems.hpp"
#include "connectors/http/message.hpp"
#include "connectors/rest/description.hpp"
#include "sync/clock.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace testdome_sync::examples {

/// One request that the preset must send, and the answer that it gets. The parts of the request stay as they are
/// written, so that each difference can be told at its own line.
struct exchange {
    config::position where;
    std::string method = "GET";
    std::string path; ///< below the preset's `url`, or a whole URL
    config::node query;
    config::node headers; ///< those that matter; others are not compared
    config::node body;    ///< JSON; a null node with neither body nor form: the body must be empty
    config::node form;
    std::optional<config::node> text; ///< the body as it is
    http::response answer;
    std::optional<bool> carried_out; ///< what the request asked for; none: the answer's status tells
};

/// `poll:`: what a window of applications comes to.
struct poll_example {
    sync::wall_time since;
    boost::json::value cursor;
    std::optional<config::node> applications;
    std::optional<config::node> broken;
    std::optional<config::node> cursor_left; ///< what the poll leaves for the next one
};

/// What is expected of the same action after its answer was lost.
enum class repetition {
    not_shown,
    by_exchanges, ///< `again:` is a list
    never,        ///< `again: never`: a person decides
};

/// `action:`: one write-back.
struct action_example {
    std::string action;
    boost::json::value argument;
    boost::json::object document;
    bool ask_first = false;
    repetition repeat = repetition::not_shown;
    std::vector<exchange> again;
    config::position again_where;
};

/// `check:`: what `check --online` asks, and the names that it looks for.
struct check_example {
    std::vector<rest::used_name> names;
    std::optional<config::node> findings;
};

struct example {
    std::string name;
    config::position where;
    std::variant<poll_example, action_example, check_example> what;
    std::vector<exchange> exchanges;
    std::optional<std::vector<exchange>> sign_in; ///< instead of the file's
    std::string outcome = "done";                 ///< `done`, `already_done`, or the name of a failure
    std::string says;                             ///< a part of the failure's text
    config::position outcome_where;
};

/// `NAME.examples.yaml`: the language is described in connectors/presets/README.md.
struct example_file {
    std::string path;
    std::map<std::string, std::string> credentials; ///< made up
    std::map<std::string, config::position> credential_positions;
    config::position credentials_where;
    config::node mapping;               ///< further keys of the mapping file, such as `url`
    config::node every_request_headers; ///< what each request but the sign-in carries
    config::node every_request_query;
    std::vector<exchange> sign_in; ///< answered whenever they are asked
    std::vector<example> examples;
};

/// Reads the file; every mistake is a problem at its position.
example_file read_examples(const config::node& tree, const std::string& path, config::problems& found);

/// The exchanges of a list; `what` names it in messages.
std::vector<exchange> read_exchanges(const config::node& list, const std::string& what, config::reader& parent);

} // namespace testdome_sync::examples
