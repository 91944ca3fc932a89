#include "daemon/arguments.hpp"
#include "daemon/assembly.hpp"
#include "daemon/commands.hpp"
#include "daemon/control_client.hpp"
#include "daemon/control_request.hpp"
#include "daemon/control_service.hpp"
#include "daemon/working_ledger.hpp"
#include "sync/shared_ledger.hpp"
#include "sync/silence.hpp"

#include <boost/asio/ip/host_name.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <thread>

namespace testdome_sync::daemon {
namespace json = boost::json;
namespace {

constexpr std::chrono::seconds answer_limit{30};
/// A daemon that has just started tells only after a moment where it takes commands.
constexpr std::chrono::seconds start_limit{5};

control_request request_of(const decide_options& wanted)
{
    control_request asked;
    set_command(asked, wanted.command);
    asked.decision.ids.assign(wanted.ids.begin(), wanted.ids.end());
    asked.decision.all = wanted.all;
    asked.decision.subject = wanted.subject;
    if (!wanted.by.empty())
        asked.decision.by = duration_of("--by", wanted.by);
    asked.decision.why = wanted.why;
    asked.sudo_user = sudo_user();
    return asked;
}

sync::decision_answer carry_out_here(const common_options& options, const config::ledger_settings& ledger,
                                     const control_request& asked)
{
    auto opened = open_to_work(ledger, sync::ledger_access::write);
    if (asked.what == control_request::kind::poll)
        return {{{asked.decision.subject, false,
                  "no daemon works with this ledger; start the service, or let `testdome-sync once` do one cycle"}}};
    auto configuration = read_configuration(options.config, config::secrets::unneeded);
    foundation base(std::move(opened.ledger));
    assembly program(std::move(configuration), base, std::make_unique<sync::silence>());
    look_for_restoration(program);
    auto decision = asked.decision;
    decision.who = own_name();
    return sync::decision_desk(program.world()).carry_out(decision);
}

sync::decision_answer understood(const std::string& line)
{
    boost::system::error_code error;
    const auto answer = json::parse(line, error);
    const auto* object = answer.if_object();
    if (const auto* why = object ? object->if_contains("error") : nullptr)
        throw std::runtime_error("the daemon has done nothing: " +
                                 std::string(why->is_string() ? why->get_string() : "?"));
    return decision_answer_from(object && object->contains("items") ? object->at("items") : json::value(nullptr));
}

sync::decision_answer carried_out_by(const std::string& socket, const control_request& asked)
{
    return understood(ask_daemon(socket, json::serialize(to_json(asked)), answer_limit));
}

/// Whoever has the lock does it; if that ends meanwhile, we do.
sync::decision_answer carry_out_on_file(const common_options& options, const config::ledger_settings& ledger,
                                        const control_request& asked)
{
    if (!std::filesystem::exists(ledger.path))
        throw sync::ledger_error("ledger " + ledger.path +
                                 " does not exist yet: the service has not been started with this configuration");
    const auto until = std::chrono::steady_clock::now() + start_limit;
    for (;;) {
        std::string socket;
        try {
            return carry_out_here(options, ledger, asked);
        } catch (const locked& held) {
            socket = held.control_socket();
            if (socket.empty() && std::chrono::steady_clock::now() >= until)
                throw std::runtime_error(held.what() +
                                         std::string("; it takes no commands, try again when it has ended"));
        }
        if (!socket.empty())
            return carried_out_by(socket, asked);
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
    }
}

/// By one of the daemons that work with the ledger, on whichever machine.
sync::decision_answer carried_out_elsewhere(const config::ledger_settings& ledger, control_request asked,
                                            const std::string& held_by)
{
    const auto mailbox = sync::open_mailbox(ledger);
    asked.sudo_user = own_name() + '@' + boost::asio::ip::host_name();
    mailbox->send(json::serialize(to_json(asked)));
    const auto until = std::chrono::steady_clock::now() + answer_limit;
    do {
        if (const auto answer = mailbox->answer())
            return understood(*answer);
        std::this_thread::sleep_for(std::chrono::milliseconds{200});
    } while (std::chrono::steady_clock::now() < until);
    throw std::runtime_error(mailbox->withdraw()
                                 ? "nobody has taken the command, and nobody will; try again. " + held_by
                                 : "the command was taken, but whoever took it has not answered: see with `show` or "
                                   "`status` what became of it before you repeat it. " +
                                       held_by);
}

sync::decision_answer carry_out(const common_options& options, const control_request& asked)
{
    const auto ledger = read_ledger_settings(options.config);
    if (ledger.is_file())
        return carry_out_on_file(options, ledger, asked);
    std::string held_by;
    try {
        return carry_out_here(options, ledger, asked);
    } catch (const sync::ledger_held& held) {
        held_by = held.what();
    }
    return carried_out_elsewhere(ledger, asked, held_by);
}

void print(const sync::decision_answer& answer)
{
    if (answer.items.empty())
        std::cout << "there is nobody to decide about\n";
    for (const auto& one : answer.items)
        std::cout << sync::printable(one.subject) << (one.done ? ": done: " : ": not done: ")
                  << sync::printable(one.text, 1000) << '\n';
}

} // namespace

int decide(const common_options& options, const decide_options& wanted)
{
    control_request asked;
    try {
        asked = request_of(wanted);
        control_request_from(to_json(asked)); // what the daemon would refuse is a wrong usage here
    } catch (const std::exception& error) {
        std::cerr << "testdome-sync: " << error.what() << '\n';
        return exit_status::wrong_usage;
    }
    sync::decision_answer answer;
    try {
        answer = carry_out(options, asked);
    } catch (const config::configuration_error&) {
        throw;
    } catch (const std::exception& error) {
        std::cerr << "testdome-sync: " << error.what() << '\n';
        return exit_status::temporary_failure;
    }
    if (options.json)
        std::cout << json::serialize(to_json(answer)) << '\n';
    else
        print(answer);
    return answer.is_done() ? exit_status::well : exit_status::not_well;
}

} // namespace testdome_sync::daemon
