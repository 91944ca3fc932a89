#pragma once

#include "config/jq.hpp"
#include "sync/events.hpp"
#include "sync/failure.hpp"

namespace testdome_sync::connectors {

/// An expression of a description can't be evaluated: where it stands, and why, without the document.
inline sync::failure at_expression(sync::errc code, const config::jq_expression& expression,
                                   const config::evaluation_failure& why)
{
    return {code, expression.where().text() + ": " + sync::printable(why.reason)};
}

} // namespace testdome_sync::connectors
