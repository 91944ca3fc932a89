#include "daemon/control_service.hpp"

#include "daemon/control_address.hpp"
#include "sync/ledger.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <stdexcept>

namespace testdome_sync::daemon {
namespace json = boost::json;
namespace {

/// A command is flat.
constexpr std::size_t depth = 4;

/// `decider` says who it is, given what the command says itself.
template <class Decider>
std::string answer_to(service& served, std::string_view line, Decider decider)
{
    try {
        json::parse_options shallow;
        shallow.max_depth = depth;
        const auto asked = control_request_from(json::parse(line, {}, shallow));
        const std::string who = decider(asked);
        return json::serialize(json::object{{"items", to_json(served.carry_out(asked, who))}});
    } catch (const std::exception& error) { // no JSON, another version's command, a ledger that can't be written
        return control_error(error.what());
    }
}

} // namespace

std::string user_name(uid_t user)
{
    std::array<char, 4096> texts{};
    passwd entry{};
    passwd* found = nullptr;
    const bool known = ::getpwuid_r(user, &entry, texts.data(), texts.size(), &found) == 0 && found != nullptr;
    return known ? entry.pw_name : std::to_string(user);
}

std::string sudo_user()
{
    const char* user = ::geteuid() == 0 ? std::getenv("SUDO_USER") : nullptr;
    return user ? user : "";
}

std::string own_name()
{
    return decided_by(user_name(::geteuid()), sudo_user());
}

std::string decided_by(const std::string& user, const std::string& sudo_user)
{
    return sudo_user.empty() || user == sudo_user ? user : sync::printable(sudo_user, 64) + " (" + user + ')';
}

std::string answer_from_elsewhere(service& served, const std::string& line)
{
    return answer_to(served, line, [](const control_request& asked) { return sync::printable(asked.sudo_user, 128); });
}

std::unique_ptr<control_server> take_commands(service& served, foundation& base, lock_file& lock,
                                              const std::string& ledger_path)
{
    const auto path = control_socket_path(ledger_path);
    // Looked up once: a directory service that is slow to answer must not hold up the loop.
    const auto own = user_name(::geteuid());
    auto answer = [&served, own](std::string_view line, uid_t user) {
        return answer_to(served, line, [&](const control_request& asked) {
            return user == 0 ? decided_by("root", asked.sudo_user) : own;
        });
    };
    try {
        auto made = std::make_unique<control_server>(base.context.get_executor(), path, std::move(answer));
        lock.announce(path);
        return made;
    } catch (const std::exception& error) {
        served.events().emit("control.unavailable",
                             "approve, hold and the like can't reach this daemon: no socket at " + path + ": " +
                                 error.what());
        return nullptr;
    }
}

} // namespace testdome_sync::daemon
