#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace testdome_sync::daemon {

/// What design.md promises of the exit status.
enum exit_status { well = 0, not_well = 1, wrong_usage = 2, temporary_failure = 75 };

struct common_options {
    std::string config = "/etc/testdome-sync/testdome-sync.yaml";
    bool json = false;
};

struct list_options {
    std::string state;
    std::string mapping;
    std::string since;
    std::string email;
};

/// A person's command about what the ledger holds; see sync::decision.
struct decide_options {
    std::string command; ///< `approve` …, or `poll`
    std::vector<long long> ids;
    bool all = false;
    std::string subject; ///< a mapping, or an address
    std::string by;      ///< a duration
    std::string why;
};

struct restore_options {
    std::string file;
    std::string why; ///< kept in the ledger, for those who come after
};

struct export_options {
    std::string format = "csv";
    list_options of;
};

struct connectors_options {
    std::string name;      ///< empty: all are listed
    bool markdown = false; ///< docs/connectors.md
    std::string directory; ///< the presets of this folder only
};

struct sandbox_command_options {
    unsigned short port = 0;
    std::string directory;
    int applicants = 0;
    int break_one_in = 0;
    int token_seconds = 0;
    int invitations_late = 0; ///< milliseconds
    int arriving_within = 0;  ///< seconds
    bool applicants_wait = false;
    int hr_systems = 1;
};

struct test_exec_options {
    std::vector<std::string> command;
    std::vector<std::string> environment; ///< `NAME=VALUE`, or `NAME` with our own value
    bool writes = false;
    int timeout = 10; ///< seconds
};

/// Takes what stands behind `--test-exec` for the program and its arguments; returns how many words are ours.
int split_test_exec(int argc, char** argv, test_exec_options& wanted);

// Each carries out one command and returns its exit status. Problems with configuration and ledger are thrown and told
// by main().
int run(const common_options& options);
int once(const common_options& options);
int plan(const common_options& options);
int check(const common_options& options, bool online);
int status(const common_options& options, bool monitor);
int list(const common_options& options, const list_options& wanted);
int show(const common_options& options, long long id);
int explain(const common_options& options, const std::string& application_or_email);
/// By the daemon that works with the ledger, or on the ledger itself if none does.
int decide(const common_options& options, const decide_options& wanted);
int export_results(const common_options& options, const export_options& wanted);
/// Copies the ledger while the daemon runs to a file that must not exist yet.
int back_up(const common_options& options, const std::string& file);
/// Puts a backup in the ledger's place; no daemon may run.
int restore(const common_options& options, const restore_options& wanted);
/// Copies a ledger that is a file into an empty database; each as `ledger:` names it.
int migrate_ledger(const common_options& options, const std::string& from, const std::string& to);
int tests(const common_options& options);
/// Each of `files` is a preset, its examples, or the name of an installed preset.
int preset_test(const common_options& options, const std::vector<std::string>& files);
int connectors(const common_options& options, const connectors_options& wanted);
/// Writes a mapping file to begin with: to `output`, which must not exist yet, or to stdout.
int init(const std::string& name, const std::string& output);
/// Writes a report about this installation, without secrets and names: to `output`, which must not exist yet, or to
/// stdout. Works with whatever works.
int bug_report(const common_options& options, const std::string& output);
int test_exec(const common_options& options, const test_exec_options& wanted);
int sandbox(const sandbox_command_options& options);

} // namespace testdome_sync::daemon
