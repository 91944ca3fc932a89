#include "daemon/bug_report/journal.hpp"

#include "sync/application.hpp"

#include <systemd/sd-journal.h>

#include <algorithm>
#include <memory>
#include <string_view>

namespace testdome_sync::bug_report {
namespace {

using journal = std::unique_ptr<::sd_journal, decltype(&::sd_journal_close)>;

std::string field(::sd_journal* from, const char* name)
{
    const void* data = nullptr;
    std::size_t size = 0;
    if (::sd_journal_get_data(from, name, &data, &size) < 0)
        return {};
    const std::string_view whole(static_cast<const char*>(data), size); // NAME=value
    return std::string(whole.substr(whole.find('=') + 1));
}

std::string time_of(::sd_journal* from)
{
    std::uint64_t microseconds = 0;
    if (::sd_journal_get_realtime_usec(from, &microseconds) < 0)
        return {};
    return sync::to_text(sync::wall_time{std::chrono::seconds(microseconds / 1'000'000)});
}

} // namespace

std::vector<journal_line> last_journal_lines(std::size_t limit)
{
    std::vector<journal_line> lines;
    ::sd_journal* opened = nullptr;
    if (::sd_journal_open(&opened, SD_JOURNAL_LOCAL_ONLY) < 0)
        return lines;
    const journal from(opened, &::sd_journal_close);
    ::sd_journal_add_match(from.get(), "SYSLOG_IDENTIFIER=testdome-sync", 0);
    ::sd_journal_add_disjunction(from.get());
    ::sd_journal_add_match(from.get(), "UNIT=testdome-sync.service", 0);
    ::sd_journal_seek_tail(from.get());
    while (lines.size() < limit && ::sd_journal_previous(from.get()) > 0)
        lines.push_back({time_of(from.get()), field(from.get(), "PRIORITY"), field(from.get(), "TDS_EVENT"),
                         field(from.get(), "TDS_MAPPING"), field(from.get(), "TDS_APPLICATION"),
                         field(from.get(), "TDS_ASSESSMENT"), field(from.get(), "MESSAGE")});
    std::ranges::reverse(lines);
    return lines;
}

} // namespace testdome_sync::bug_report
