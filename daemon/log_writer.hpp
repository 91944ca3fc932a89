#pragma once

#include "config/settings.hpp"
#include "sync/events.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace testdome_sync::daemon {

/// One log event ready to be written: fields masked, text safe to print.
struct log_line {
    const sync::event_type* type = nullptr;
    sync::event_level level = sync::event_level::info;
    std::string text;
    std::vector<std::pair<std::string, std::string>> fields;
};

/// Writes finished lines somewhere. Must not throw.
using line_sink = std::function<void(const log_line&)>;

/// `automatic` resolved for this process: journal if stderr is one, text on a terminal, else JSON lines.
config::log_format resolved(config::log_format wanted);

/// The place for lines of that format: the journal, or standard error.
line_sink create_sink(config::log_format format);

/// One line of text for people, and one JSON object, without the newline.
std::string as_text(const log_line& line, const std::string& time);
std::string as_json(const log_line& line, const std::string& time);

/// Drops what is below the level, masks names and addresses unless they are to be shown, and hands the rest on.
std::unique_ptr<sync::event_sink> create_log_writer(const config::log_settings& settings, line_sink sink);

} // namespace testdome_sync::daemon
