#include "daemon/bug_report/ledger_summary.hpp"

#include "sync/application.hpp"
#include "sync/shared_ledger.hpp"
#include "sync/sqlite/schema.hpp"

#include <boost/json/serialize.hpp>

#include <array>
#include <filesystem>
#include <fstream>

namespace testdome_sync::bug_report {
namespace fs = std::filesystem;
namespace {

constexpr std::chrono::days days_shown{14};

std::string size_of(const std::string& path)
{
    std::error_code missing;
    const auto size = fs::file_size(path, missing);
    return missing ? "none" : std::to_string(size) + " bytes";
}

/// `PRAGMA user_version`: four bytes at 60, the most significant first (https://www.sqlite.org/fileformat2.html §1.3).
std::string schema_in(const std::string& path)
{
    std::array<char, 64> header{};
    std::ifstream file(path, std::ios::binary);
    if (!file.read(header.data(), header.size()) || std::string_view(header.data(), 15) != "SQLite format 3")
        return "unknown: this is no SQLite file, or it can't be read";
    std::uint32_t version = 0;
    for (std::size_t at = 60; at < 64; ++at)
        version = version << 8 | static_cast<unsigned char>(header[at]);
    return std::to_string(version);
}

template <class State>
std::string counts_text(const std::map<State, std::int64_t>& counts)
{
    std::string text;
    for (const auto& [state, count] : counts)
        text += ' ' + std::string(sync::to_text(state)) + '=' + std::to_string(count);
    return text.empty() ? " none" : text;
}

std::string time_or_never(const std::optional<sync::wall_time>& time)
{
    return time ? sync::to_text(*time) : "never";
}

std::string mapping_text(sync::ledger& ledger, const std::string& name, const sync::mapping_statistics& of,
                         const redactor& hide)
{
    const auto record = ledger.find_mapping(name);
    std::string text = "  mapping " + name + ": applications=" + std::to_string(of.applications) +
                       " selected=" + std::to_string(of.selected) + " invited=" + std::to_string(of.invited) +
                       " finished=" + std::to_string(of.finished) + " written_back=" + std::to_string(of.written_back) +
                       (record.paused ? " PAUSED" : "") + '\n';
    text += "    last poll " + time_or_never(record.last_poll) + ", last success " +
            time_or_never(record.last_success) + ", next poll " + time_or_never(record.next_poll) + ", " +
            std::to_string(record.last_count) + " applications in the last one\n";
    if (record.broken > 0)
        text += "    " + std::to_string(record.broken) + " records are not understood, since " +
                time_or_never(record.broken_since) + '\n';
    if (record.nothing_since)
        text += "    lists nobody since " + time_or_never(record.nothing_since) + '\n';
    if (!record.last_error.empty())
        text += "    last error: " + hide(record.last_error) + '\n';
    for (const auto& [cause, group] : of.held)
        text += "    held, " + std::string(sync::to_text(cause)) + ": " + std::to_string(group.count) + ", since " +
                sync::to_text(group.oldest) + '\n';
    return text;
}

void hide_person(const sync::stored_application& seen, redactor& hide)
{
    const auto& applicant = sync::application_from(seen.document).applicant;
    hide.hide_name(applicant.name);
    hide.hide_name(applicant.first_name);
    hide.hide_name(applicant.last_name);
    hide.hide_name(applicant.email.substr(0, applicant.email.find('@'))); // whole addresses are hidden anyway
}

} // namespace

std::string ledger_file_text(const std::string& path)
{
    return "  file " + size_of(path) + ", write-ahead log " + size_of(path + "-wal") +
           ",\n  schema at the last checkpoint " + schema_in(path) + " (this program's is " +
           std::to_string(sync::sqlite::migrations().size()) + ")\n";
}

std::string ledger_text(sync::ledger& ledger, sync::wall_time now, const redactor& hide)
{
    std::string text;
    if (auto* shared = ledger.shared()) {
        const auto division = shared->division();
        for (const auto& machine : division.machines)
            text += "  machine " + std::to_string(machine.number) + ", " + hide(machine.name) + ", since " +
                    sync::to_text(machine.since) + (machine.is_present ? "\n" : ", not heard of any more\n");
        for (const auto& part : division.parts)
            text += "  part " + part.name + " done by " +
                    (part.machine == 0 ? "nobody" : "machine " + std::to_string(part.machine)) + " since " +
                    sync::to_text(part.since) + '\n';
    }
    text += "  assessments:" + counts_text(ledger.count_assessments()) +
            "\n  write-backs:" + counts_text(ledger.count_write_backs()) + '\n';
    text += "  TestDome: " + hide(boost::json::serialize(ledger.find_fact("testdome"))) + '\n';
    text +=
        "  later deadlines that TestDome is not told yet: " + std::to_string(ledger.wanted_extensions().size()) + '\n';
    if (const auto restored = ledger.find_fact("restored"); !restored.is_null())
        text += "  restored from a backup: " + hide(boost::json::serialize(restored)) + '\n';
    const auto statistics = ledger.statistics(now - days_shown);
    text += "  invitations by day:";
    for (const auto& [day, count] : statistics.invitations)
        text += ' ' + sync::to_text(sync::wall_time{day}).substr(0, 10) + '=' + std::to_string(count);
    text += '\n';
    for (const auto& [name, of] : statistics.mappings)
        text += mapping_text(ledger, name, of, hide);
    return text;
}

void hide_people(sync::ledger& ledger, sync::wall_time now, redactor& hide)
{
    constexpr std::size_t page = 500;
    const auto far_away = now + std::chrono::years{10};
    sync::dated_application last;
    for (auto all = ledger.applications_unchanged_since(far_away, last, page); !all.empty();
         all = ledger.applications_unchanged_since(far_away, last, page)) {
        for (const auto& one : all)
            if (const auto seen = ledger.find_application(one.key.mapping, one.key.id))
                hide_person(*seen, hide);
        last = all.back();
    }
}

} // namespace testdome_sync::bug_report
