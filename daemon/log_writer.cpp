#include "daemon/log_writer.hpp"

#include "sync/application.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <systemd/sd-journal.h>

#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace testdome_sync::daemon {
namespace {

constexpr std::array<std::string_view, 4> level_names{"debug", "info", "warning", "error"};
constexpr std::array<int, 4> priorities{7, 6, 4, 3}; // syslog(3)

std::size_t index_of(sync::event_level level)
{
    return static_cast<std::size_t>(level);
}

/// $JOURNAL_STREAM holds device and inode of the stream that systemd connected (systemd.exec(5)).
bool stderr_is_journal()
{
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat status {};
    unsigned long long device = 0, inode = 0;
    return stream && std::sscanf(stream, "%llu:%llu", &device, &inode) == 2 && ::fstat(STDERR_FILENO, &status) == 0 &&
           status.st_dev == device && status.st_ino == inode;
}

std::string journal_name(const std::string& field)
{
    std::string name = "TDS_" + field;
    std::ranges::transform(name, name.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return name;
}

void write_to_journal(const log_line& line)
{
    std::vector<std::string> entries{
        "MESSAGE=" + line.text,
        "PRIORITY=" + std::to_string(priorities[index_of(line.level)]),
        "MESSAGE_ID=" + std::string(line.type->message_id),
        "SYSLOG_IDENTIFIER=testdome-sync",
        "TDS_EVENT=" + std::string(line.type->name),
    };
    for (const auto& [name, value] : line.fields)
        entries.push_back(journal_name(name) + '=' + value);
    std::vector<iovec> parts;
    for (auto& entry : entries)
        parts.push_back({entry.data(), entry.size()});
    ::sd_journal_sendv(parts.data(), static_cast<int>(parts.size()));
}

void write_to_stderr(std::string line)
{
    line += '\n';
    // One write, so that lines of two programs don't mix. A log that can't be written must not end the program.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

std::string local_time()
{
    const auto now = std::time(nullptr);
    std::tm parts{};
    ::localtime_r(&now, &parts);
    char text[16];
    std::strftime(text, sizeof text, "%H:%M:%S", &parts);
    return text;
}

class log_writer final : public sync::event_sink {
public:
    log_writer(const config::log_settings& settings, line_sink sink)
        : lowest_(static_cast<std::size_t>(std::ranges::find(level_names, settings.level) - level_names.begin())),
          show_(settings.personal == config::personal_data::shown), sink_(std::move(sink))
    {
    }

    void write(const sync::event& event) override
    {
        if (index_of(event.level) < lowest_)
            return;
        log_line line{event.type, event.level, sync::printable(event.text, 1000), {}};
        for (const auto& field : event.fields)
            if (!field.value.empty())
                line.fields.emplace_back(field.name, shown(field));
        sink_(line);
    }

private:
    std::string shown(const sync::field& field) const
    {
        // Identifiers can be addresses too (Frappe): printable() masks those that a plain field holds.
        switch (field.kind) {
        case sync::field_kind::plain: return sync::printable(field.value);
        case sync::field_kind::email: return show_ ? field.value : sync::printable(sync::masked_email(field.value));
        case sync::field_kind::name: return show_ ? field.value : sync::printable(sync::masked_name(field.value));
        }
        return {};
    }

    std::size_t lowest_;
    bool show_;
    line_sink sink_;
};

} // namespace

config::log_format resolved(config::log_format wanted)
{
    if (wanted != config::log_format::automatic)
        return wanted;
    if (stderr_is_journal())
        return config::log_format::journal;
    return ::isatty(STDERR_FILENO) ? config::log_format::text : config::log_format::json;
}

line_sink create_sink(config::log_format format)
{
    switch (resolved(format)) {
    case config::log_format::journal: return write_to_journal;
    case config::log_format::text: return [](const log_line& line) { write_to_stderr(as_text(line, local_time())); };
    case config::log_format::automatic:
    case config::log_format::json: break;
    }
    return
        [](const log_line& line) { write_to_stderr(as_json(line, sync::to_text(std::chrono::system_clock::now()))); };
}

std::string as_text(const log_line& line, const std::string& time)
{
    std::string text = time + ' ';
    const auto pad = [&](std::string_view word, std::size_t width) {
        text.append(word).append(word.size() < width ? width - word.size() : 0, ' ').append("  ");
    };
    pad(level_names[index_of(line.level)], 7);
    pad(line.type->name, 22);
    text += line.text;
    for (const auto& [name, value] : line.fields) {
        const bool spaced = value.find_first_of(" \"=") != std::string::npos;
        text += "  " + name + '=' + (spaced ? '"' + value + '"' : value);
    }
    return text;
}

std::string as_json(const log_line& line, const std::string& time)
{
    boost::json::object object{
        {"time", time}, {"level", level_names[index_of(line.level)]}, {"event", line.type->name}, {"text", line.text}};
    for (const auto& [name, value] : line.fields)
        object[name] = value;
    return boost::json::serialize(object);
}

std::unique_ptr<sync::event_sink> create_log_writer(const config::log_settings& settings, line_sink sink)
{
    return std::make_unique<log_writer>(settings, std::move(sink));
}

} // namespace testdome_sync::daemon
