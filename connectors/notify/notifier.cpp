#include "connectors/notify/notifier.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <utility>

namespace testdome_sync::notify {
namespace asio = boost::asio;
namespace json = boost::json;
using sync::errc;
using sync::failure;
using sync::result;

namespace {

constexpr std::chrono::seconds patience{30};

std::string program_input(const sync::notice& told)
{
    auto shown = to_json(told.about);
    shown["state"] = told.over ? "cleared" : "raised";
    return json::serialize(shown) + '\n';
}

std::string message(const sync::notice& told)
{
    const auto& about = told.about;
    const auto what = "testdome-sync" + (about.mapping.empty() ? "" : ", " + about.mapping) + ": ";
    if (told.over)
        return what + about.name + " is over";
    return what + std::string(to_text(about.how_bad)) + ": " + about.text + ". " + about.remedy;
}

class configured_notifier final : public sync::notifier {
public:
    configured_notifier(config::notify_settings settings, http::transport& network, exec::program_launcher& programs,
                        sync::clock& clock)
        : settings_(std::move(settings)), network_(network), programs_(programs), clock_(clock)
    {
    }

    asio::awaitable<result<void>> tell(sync::notice told) override;
    asio::awaitable<result<void>> sign_of_life() override;

private:
    asio::awaitable<result<void>> run_program(std::string input);
    asio::awaitable<result<void>> ask(http::request order);

    config::notify_settings settings_;
    http::transport& network_;
    exec::program_launcher& programs_;
    sync::clock& clock_;
};

asio::awaitable<result<void>> configured_notifier::tell(sync::notice told)
{
    result<void> outcome;
    if (!settings_.command.empty())
        outcome = co_await run_program(program_input(told));
    if (settings_.webhook.empty())
        co_return outcome;
    http::request order;
    order.method = "POST";
    order.url = settings_.webhook.reveal();
    order.headers.set("Content-Type", "application/json");
    order.body = json::serialize(json::object{{"text", message(told)}});
    auto posted = co_await ask(std::move(order));
    co_return outcome ? std::move(posted) : std::move(outcome);
}

asio::awaitable<result<void>> configured_notifier::sign_of_life()
{
    if (settings_.ping.empty())
        co_return result<void>{};
    http::request order;
    order.url = settings_.ping.reveal();
    order.repeat = http::repetition::safe;
    co_return co_await ask(std::move(order));
}

/// The whole address is a secret with these services: problems name the host alone.
asio::awaitable<result<void>> configured_notifier::ask(http::request order)
{
    order.deadline = patience;
    order.answer_limit_bytes = 64 * 1024;
    const auto host = http::printable_url(order.url.substr(0, order.url.find('/', std::string("https://").size())));
    const auto answer = co_await network_.send(std::move(order));
    if (!answer)
        co_return failure{errc::not_sent, host + " can't be asked: " + answer.error().code.message()};
    if (answer->status < 200 || answer->status > 299)
        co_return failure{errc::refused, host + " answered " + std::to_string(answer->status)};
    co_return result<void>{};
}

asio::awaitable<result<void>> configured_notifier::run_program(std::string input)
{
    using namespace asio::experimental::awaitable_operators;
    exec::program_settings settings;
    settings.command = settings_.command;
    auto started = co_await programs_.start(settings, [](std::string_view) {});
    if (!started)
        co_return started.error();
    auto& program = **started;
    program.write(std::move(input));
    program.close_input();
    const auto until = clock_.now() + patience;
    const auto ended = co_await (program.wait_until_ended() || clock_.sleep_until(until));
    const auto* ending = std::get_if<0>(&ended);
    if (!ending || !*ending)
        co_return failure{errc::not_sent, settings_.command.front() + " did not end within " +
                                              std::to_string(patience.count()) + " s, and was killed"};
    if ((*ending)->status != 0 || (*ending)->by_signal != 0)
        co_return failure{errc::refused, settings_.command.front() + ": " + to_text(**ending)};
    co_return result<void>{};
}

} // namespace

std::unique_ptr<sync::notifier> create_notifier(const config::notify_settings& settings, http::transport& network,
                                                exec::program_launcher& programs, sync::clock& clock)
{
    if (settings.tells_nobody())
        return nullptr;
    return std::make_unique<configured_notifier>(settings, network, programs, clock);
}

} // namespace testdome_sync::notify
