#pragma once

#include "config/jq.hpp"
#include "config/node.hpp"
#include "config/reader.hpp"
#include "config/secret.hpp"
#include "config/templates.hpp"
#include "config/webhook.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace testdome_sync::config {

enum class start_mode { now, all, date };

struct poll_settings {
    std::chrono::seconds every{120};
    std::chrono::seconds overlap{3600};
    start_mode start = start_mode::now;
    std::chrono::sys_seconds start_date{}; ///< with start_mode::date: midnight UTC, or the instant that was written
};

enum class repeat_mode { reuse, after, always };

/// What a person who has had the same test before gets. Default: the earlier result, nothing is paid.
struct repeat_settings {
    repeat_mode mode = repeat_mode::reuse;
    std::chrono::seconds after{0}; ///< with repeat_mode::after
};

struct invitation_settings {
    std::chrono::seconds deadline{std::chrono::hours{24 * 7}};
    std::string reply_to;
    bool proctoring = false;
    text_template message;
};

/// Chains a rule to another test's result: `after: {test: NAME, when: !jq …}`.
struct after_settings {
    std::string test;
    std::optional<jq_expression> when;
};

struct rule {
    std::string name;
    std::optional<jq_expression> when; ///< none: every application
    std::string test;                  ///< TestDome test id, or its exact name
    invitation_settings invitation;
    repeat_settings repeat;
    bool approve = false;
    bool continue_matching = false; ///< `continue: true`: later rules are looked at too
    std::optional<after_settings> after;
    std::optional<jq_expression> cancel_when;
    position where;      ///< of the rule
    position test_where; ///< of its `test:`
};

/// One action of `write_back:`, as in `- note: "…"`; the connector knows what `note` means.
struct write_back_action {
    std::string name;
    json_template argument;
    std::optional<jq_expression> when;
    node raw; ///< the argument as written, so that a connector can check it
    position where;
};

/// One HR system: mappings.d/NAME.yaml.
struct mapping {
    std::string name; ///< the file's name without `.yaml`
    std::string path;
    std::string connector; ///< preset name, or rest | csv | sql | exec
    position connector_where;
    std::map<std::string, secret> credentials; ///< resolved; numbers as text
    std::map<std::string, position> credential_positions;
    position credentials_where;
    /// `credentials_expire:` when the HR system ends them, as whoever made them wrote down; no API tells it.
    std::optional<std::chrono::sys_seconds> credentials_expire;
    poll_settings poll;
    webhook_settings webhook; ///< off unless it is configured
    std::vector<rule> rules;
    /// Keys: invited, started, completed, did_not_take, canceled, refused, held.
    std::map<std::string, std::vector<write_back_action>> write_back;
    /// Every other key of the file (url, token_url, rate_limit, list …): what the connector reads, on top of its
    /// preset.
    node connector_settings;
    std::shared_ptr<jq_library>
        library; ///< all expressions of this file; the connector adds its preset's, then compiles
    tag_sources sources;
};

} // namespace testdome_sync::config
