#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace testdome_sync::daemon {

/// Somebody else holds the lock; the text names the process.
class locked : public std::runtime_error {
public:
    locked(const std::string& what, std::string control_socket)
        : std::runtime_error(what), control_socket_(std::move(control_socket))
    {
    }
    /// Where that process takes people's commands; empty if it takes none, or none yet.
    const std::string& control_socket() const { return control_socket_; }

private:
    std::string control_socket_;
};

/// Makes sure that one process at a time works with a ledger. The kernel gives the lock back when the process ends,
/// however it ends. The file, `LEDGER.lock`, tells whoever comes second the process's number, and in its second line
/// the path of its control socket; it belongs to whom the ledger or its folder belongs, so that root at the keyboard
/// doesn't lock the service out.
class lock_file {
public:
    /// Throws `locked`, or sync::ledger_error if the file can't be made.
    explicit lock_file(const std::string& ledger_path);
    ~lock_file();
    lock_file(const lock_file&) = delete;
    lock_file& operator=(const lock_file&) = delete;

    /// Tells where commands are taken.
    void announce(const std::string& control_socket);

private:
    int descriptor_ = -1;
};

} // namespace testdome_sync::daemon
