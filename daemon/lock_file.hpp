#pragma once

#include <stdexcept>
#include <string>

namespace testdome_sync::daemon {

/// Somebody else holds the lock; the text names the process.
class locked : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Makes sure that one process at a time works with a ledger. The kernel gives the lock back when the process ends,
/// however it ends. Throws `locked`, or sync::ledger_error if the file can't be made.
class lock_file {
public:
    explicit lock_file(const std::string& path);
    ~lock_file();
    lock_file(const lock_file&) = delete;
    lock_file& operator=(const lock_file&) = delete;

private:
    int descriptor_ = -1;
};

} // namespace testdome_sync::daemon
