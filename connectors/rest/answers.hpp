#pragma once

#include "connectors/http/service.hpp"
#include "connectors/rest/description.hpp"
#include "connectors/rest/outgoing.hpp"

#include <boost/json/value.hpp>

#include <optional>
#include <string>

namespace testdome_sync::rest {

/// An answer that is no failure.
struct hr_answer {
    /// `{"status","headers","body"}`; header names are lower case. An empty body is null, and so is that of `skip`,
    /// `stop` and `forget_cursor`.
    boost::json::value document;
    verdict meaning = verdict::success; ///< or `skip`, `stop`, `forget_cursor`
};

/// Understands the answers to one request: by its own table, the description's, success that is told in the body, and
/// else by the status. To a question, what can't be understood is `malformed`; to a change, `outcome_unknown`.
class answer_reader {
public:
    /// All must outlive the reader.
    answer_reader(const description& described, const outgoing& sent, http::effect kind)
        : described_(described), sent_(sent), kind_(kind)
    {
    }

    /// What the service is to do with the answer; the last one is kept in mind.
    std::optional<http::opinion> first_look(const http::response& answer);
    /// What the answer that `first_look` has seen last comes to. To be asked once: the answer goes along.
    sync::result<hr_answer> understood(const http::response& answer);

private:
    void parse(const http::response& answer);
    /// The first rule that fits; nothing if none does, or if one of them can't be evaluated (`confused_`).
    const answer_rule* matching_rule();
    std::string words() const;
    sync::result<hr_answer> by_rule(const answer_rule& rule);
    sync::result<hr_answer> by_status(const http::response& answer);
    sync::failure not_understood(const std::string& why) const;
    std::string subject() const;

    const description& described_;
    const outgoing& sent_;
    http::effect kind_;
    boost::json::object document_;
    bool blank_ = true;
    bool is_json_ = true;
    bool is_html_ = false;
    const answer_rule* rule_ = nullptr;
    std::string confused_; ///< why a rule could not be evaluated
};

} // namespace testdome_sync::rest
