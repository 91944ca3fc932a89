#include "daemon/bug_report/report.hpp"

#include "config/load.hpp"
#include "daemon/bug_report/ledger_summary.hpp"
#include "daemon/bug_report/machine.hpp"
#include "daemon/bug_report/outline.hpp"
#include "daemon/bug_report/redactor.hpp"
#include "daemon/configuration.hpp"
#include "sync/alarms.hpp"
#include "sync/application.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string_view>

namespace testdome_sync::bug_report {
namespace fs = std::filesystem;
namespace {

struct configuration_file {
    fs::path path;
    std::optional<config::node> tree; ///< nothing if it is no YAML
};

/// The main file, mappings and presets, each read as far as it can be.
std::vector<configuration_file> read_files(const fs::path& main)
{
    std::vector<fs::path> paths;
    for (const auto* folder : {"mappings.d", "presets.d"}) {
        std::error_code missing;
        for (const auto& entry : fs::directory_iterator(main.parent_path() / folder, missing))
            if (entry.path().extension() == ".yaml")
                paths.push_back(entry.path());
    }
    std::ranges::sort(paths);
    paths.insert(paths.begin(), main);
    std::vector<configuration_file> files;
    for (auto& path : paths) {
        config::problems told_later; // read_configuration finds them again
        files.push_back({path, config::read_yaml(path.string(), told_later)});
    }
    return files;
}

/// Quotations of files and of other programs' answers are left out, but for what can be a key.
std::string without_quotations(std::string_view message)
{
    constexpr std::string_view of_a_key = "abcdefghijklmnopqrstuvwxyz_";
    constexpr std::size_t longest_key = 30;
    std::string made;
    for (;;) {
        const auto begin = message.find('"');
        made += message.substr(0, begin);
        if (begin == std::string_view::npos)
            return made;
        message.remove_prefix(begin + 1);
        const auto quoted = message.substr(0, message.find('"'));
        const bool may_be_a_key =
            quoted.size() <= longest_key && quoted.find_first_not_of(of_a_key) == std::string_view::npos;
        made += '"' + std::string(may_be_a_key ? quoted : "…") + '"';
        message.remove_prefix(std::min(quoted.size() + 1, message.size()));
    }
}

/// One report in the making.
class making {
public:
    explicit making(const report_sources& of) : of_(of), files_(read_files(of.configuration)) {}

    std::string text();

private:
    void open_ledger();
    void check_configuration();
    template <class Part>
    std::string part(const char* title, Part made) const;
    std::string configuration() const;
    std::string ledger() const;
    std::string alarms() const;
    std::string log() const;

    const report_sources& of_;
    std::vector<configuration_file> files_;
    redactor hide_;
    config::ledger_settings where_; ///< the ledger is
    std::unique_ptr<sync::ledger> ledger_;
    std::string ledger_failure_;
    std::optional<daemon::checked_configuration> checked_;
    std::vector<std::string> problems_;
};

void making::open_ledger()
{
    try {
        where_ = daemon::read_ledger_settings(of_.configuration);
    } catch (const std::exception&) { // told with the configuration's problems
    }
    try {
        ledger_ = sync::open_ledger(where_, sync::ledger_access::read);
        hide_people(*ledger_, of_.now, hide_);
    } catch (const std::exception& error) {
        ledger_.reset();
        ledger_failure_ = error.what();
    }
}

void making::check_configuration()
{
    try {
        checked_ = daemon::read_configuration(of_.configuration, config::secrets::unneeded);
    } catch (const config::configuration_error& error) {
        for (const auto& one : error.found().list())
            problems_.push_back((one.where.file ? fs::path(one.where.file->name).filename().string() : "") + ':' +
                                std::to_string(one.where.line) + ':' + std::to_string(one.where.column) + ": " +
                                without_quotations(one.message));
    } catch (const std::exception& error) {
        problems_.emplace_back(error.what());
    }
}

/// What can't be made is told in its place.
template <class Part>
std::string making::part(const char* title, Part made) const
{
    const std::string heading = '\n' + std::string(title) + '\n';
    try {
        return heading + made();
    } catch (const std::exception& error) {
        return heading + "  can't be told: " + hide_(error.what()) + '\n';
    }
}

std::string making::configuration() const
{
    std::string text;
    for (const auto& one : problems_)
        text += "  problem: " + hide_(one) + '\n';
    for (const auto& file : files_)
        text += "  --- " + file.path.filename().string() + '\n' +
                (file.tree ? outline(*file.tree, hide_) : "  can't be read, or is no YAML\n");
    return text;
}

std::string making::ledger() const
{
    const auto text = where_.is_file() ? ledger_file_text(where_.path) : std::string("  in PostgreSQL\n");
    return text +
           (ledger_ ? ledger_text(*ledger_, of_.now, hide_) : "  can't be opened: " + hide_(ledger_failure_) + '\n');
}

std::string making::alarms() const
{
    if (!ledger_ || !checked_)
        return "  not known without configuration and ledger\n";
    std::vector<const config::mapping*> mappings;
    for (const auto& one : checked_->mappings)
        mappings.push_back(&one.settings);
    std::string text;
    for (const auto& one : sync::alarms_of(*ledger_, checked_->main, mappings, of_.now))
        text += "  " + std::string(sync::to_text(one.how_bad)) + ' ' + one.name +
                (one.mapping.empty() ? "" : ' ' + one.mapping) + " since " +
                (one.since ? sync::to_text(*one.since) : "now") + ": " + hide_(one.text) + '\n';
    return text.empty() ? "  none\n" : text;
}

std::string making::log() const
{
    std::string text;
    for (const auto& one : of_.journal()) {
        // Without a ledger nobody knows the names that a text may hold; and who decides writes what he wants.
        const bool may_name_people = one.event == "decision.made" || (!ledger_ && !one.application.empty());
        text += "  " + one.time + " <" + one.level + "> " + one.event + ' ' +
                (may_name_people ? "(text left out)" : hide_(ledger_ ? one.text : without_quotations(one.text)));
        text += one.mapping.empty() ? "" : "  mapping=" + one.mapping;
        text += one.application.empty() ? "" : "  application=" + hide_(one.application);
        text += one.assessment.empty() ? "" : "  assessment=" + one.assessment;
        text += '\n';
    }
    return text.empty() ? "  the journal has no line of this program, or none that this user may read (root may)\n"
                        : text;
}

std::string making::text()
{
    for (const auto& file : files_)
        if (file.tree)
            hide_secrets(*file.tree, {of_.credentials_directory, file.path.parent_path().string()}, hide_);
    open_ledger();
    check_configuration();
    return "testdome-sync " TESTDOME_SYNC_VERSION ", bug report of " + sync::to_text(of_.now) +
           "\nSecrets, names and addresses are left out, as far as the program knows them. Look through it before you "
           "send it.\n" +
           part("MACHINE", machine_text) + part("CONFIGURATION", [this] { return configuration(); }) +
           part("LEDGER", [this] { return ledger(); }) + part("ALARMS", [this] { return alarms(); }) +
           part("LOG", [this] { return log(); });
}

} // namespace

std::string report_text(const report_sources& of)
{
    return making(of).text();
}

} // namespace testdome_sync::bug_report
