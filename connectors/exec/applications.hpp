#pragma once

#include "config/templates.hpp"
#include "connectors/exec/masking.hpp"
#include "connectors/exec/protocol.hpp"
#include "connectors/newest_readings.hpp"
#include "sync/hr_connector.hpp"

#include <optional>
#include <string>
#include <vector>

namespace testdome_sync::exec {

/// Collects what a poll gives: each application once, the newest reading. What can't be understood is a broken record.
class collected_applications {
public:
    /// `application` is for `record` lines; null: there must be none. All must outlive this.
    collected_applications(const std::optional<config::json_template>& application, const sync::poll_request& request,
                           const masking& shown)
        : application_(application), request_(request), shown_(shown)
    {
    }

    /// Takes one line; others than applications and records are none of its business. A violation if the mapping does
    /// not say what a record is.
    understood<void> take(answer_line& line);

    void move_into(sync::poll_answer& answer);

private:
    void take_document(boost::json::object& document);
    void take_record(const boost::json::value& record);

    const std::optional<config::json_template>& application_;
    const sync::poll_request& request_;
    const masking& shown_;
    connectors::newest_readings readings_;
    std::vector<sync::broken_record> broken_;
};

/// An application in the shape that rules see, or why it is none.
understood<sync::application> application_in(const boost::json::object& document);

} // namespace testdome_sync::exec
