#pragma once

#include "daemon/assembly.hpp"
#include "daemon/configuration_changes.hpp"
#include "sync/alarm_watch.hpp"
#include "sync/decisions.hpp"
#include "sync/engine.hpp"

namespace testdome_sync::daemon {

/// A configuration in force: its parts, the engine that works with them, the desk for people's decisions, and the watch
/// for alarms.
struct active_configuration {
    /// As assembly's constructor; `prints` are those of `configuration`.
    active_configuration(checked_configuration configuration, configuration_fingerprints prints, foundation& base,
                         std::unique_ptr<sync::event_sink> events)
        : fingerprints(std::move(prints)), program(std::move(configuration), base, std::move(events)),
          engine(base.context.get_executor(), program.world()), desk(program.world()),
          watch(base.context.get_executor(), program.world(), program.notifier())
    {
    }

    configuration_fingerprints fingerprints;
    assembly program;
    sync::engine engine;
    sync::decision_desk desk;
    sync::alarm_watch watch;
};

} // namespace testdome_sync::daemon
