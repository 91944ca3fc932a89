#pragma once

#include <memory>
#include <string>

namespace testdome_sync::sync {

/// One look for damage through the whole of an SQLite ledger that is at work meanwhile. Opening a large one does not
/// look through it: that takes longer than a start may, with a million applicants 4 to 16 s of CPU.
class ledger_check {
public:
    /// Throws ledger_error if the file can't be read.
    explicit ledger_check(const std::string& path);
    ~ledger_check();
    ledger_check(const ledger_check&) = delete;
    ledger_check& operator=(const ledger_check&) = delete;

    /// False for a small ledger: whoever opened it to write has checked it.
    bool is_needed() const;

    /// For a thread of its own. Throws ledger_error if there is damage, and marks the ledger; returns early when
    /// interrupted.
    void run();

    /// Whether the ledger is marked: damage was found in it. Whoever opens it to write looks through it first, which
    /// takes as long as `run`, until there is none.
    static bool has_found_damage(const std::string& path);

    /// From any thread, while the object lives. What is not yet begun isn't interrupted: ask again until `run` returns.
    void interrupt() noexcept;

private:
    struct implementation;
    std::unique_ptr<implementation> implementation_;
};

} // namespace testdome_sync::sync
