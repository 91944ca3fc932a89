#pragma once

#include "config/jq.hpp"
#include "connectors/http/message.hpp"
#include "connectors/rest/request_template.hpp"
#include "sync/failure.hpp"

#include <boost/json/object.hpp>

namespace testdome_sync::rest {

struct description;

/// A request that is ready to be sent, with what is needed to understand its answer.
struct outgoing {
    http::request request;
    const answer_description* answer = nullptr; ///< the request's own table, if it has one
    boost::json::object context;                ///< what that table's expressions see beside the answer
};

/// Renders a request of the description, or says why not (`refused`: the data doesn't fit). `made` must outlive what is
/// made of it.
sync::result<outgoing> rendered(const request_template& made, const description& described,
                                const config::jq_document& document);

} // namespace testdome_sync::rest
