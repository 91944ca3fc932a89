#pragma once

#include "daemon/control_server.hpp"
#include "daemon/lock_file.hpp"
#include "daemon/service.hpp"

#include <memory>
#include <string>

namespace testdome_sync::daemon {

/// Lets people's commands reach the service, and tells in the lock file where. Null, and told in the log, if there can
/// be no socket: the daemon's work doesn't depend on it. All three outlive what is returned.
std::unique_ptr<control_server> take_commands(service& served, foundation& base, lock_file& lock,
                                              const std::string& ledger_path);

/// The answer to a command that came through a shared ledger; whoever can write there is trusted to say who decides.
std::string answer_from_elsewhere(service& served, const std::string& line);

/// The name of the user with that number, or the number.
std::string user_name(uid_t user);

/// The user who has become root with sudo to give this command; empty if nobody has.
std::string sudo_user();
/// Who gives this command.
std::string own_name();

/// Who decides: `admin (root)` where root has told who became it, else the user's name.
std::string decided_by(const std::string& user, const std::string& sudo_user);

} // namespace testdome_sync::daemon
