#pragma once

#include "config/node.hpp"
#include "config/reader.hpp"
#include "daemon/bug_report/redactor.hpp"

#include <string>

namespace testdome_sync::bug_report {

/// A configuration file as it may be shown to strangers: keys and structure; numbers, durations, switches, words of the
/// product, hosts; expressions without their texts. Everything else is told by its length. What stands below
/// `credentials` and the like is not shown at all. Comments are not there.
std::string outline(const config::node& file, const redactor& hide);

/// Tells `hide` of every secret that the file names or holds, as far as it can be read here.
void hide_secrets(const config::node& file, const config::tag_sources& sources, redactor& hide);

} // namespace testdome_sync::bug_report
