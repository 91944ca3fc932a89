#pragma once

#include "config/settings.hpp"
#include "connectors/exec/program.hpp"
#include "connectors/http/transport.hpp"
#include "sync/clock.hpp"
#include "sync/notifier.hpp"

#include <memory>

namespace testdome_sync::notify {

/// Tells of alarms as `notify:` in the main file says:
/// - `exec`: a program that gets one JSON object on its standard input, `{"alarm","mapping","severity","state":
///   "raised"|"cleared","since","text","remedy"}`, and ends with status 0 within 30 seconds;
/// - `webhook`: an HTTPS address that gets a POST of `{"text": …}`, as Slack, Mattermost and others take it;
/// - `ping`: an HTTPS address that is asked (GET) as a sign of life.
///
/// @returns null if nothing of that is configured. `network`, `programs` and `clock` outlive it. One thread.
std::unique_ptr<sync::notifier> create_notifier(const config::notify_settings& settings, http::transport& network,
                                                exec::program_launcher& programs, sync::clock& clock);

} // namespace testdome_sync::notify
