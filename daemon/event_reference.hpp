#pragma once

#include <string>

namespace testdome_sync::daemon {

/// sync::event_types as systemd's message catalog, which `journalctl -x` shows from. Source:
/// https://www.freedesktop.org/wiki/Software/systemd/catalog/
std::string message_catalog();

/// docs/log-events.md
std::string event_reference();

} // namespace testdome_sync::daemon
