#include "connectors/exec/rehearsal.hpp"

#include "sync/events.hpp"

namespace testdome_sync::exec {
namespace asio = boost::asio;

asio::awaitable<understood<program_hello>> rehearsal::begin()
{
    session_.reset();
    last_id_ = 0;
    last_error_.clear();
    auto started = co_await programs_.start(program_, [this](std::string_view bytes) {
        last_error_.append(bytes);
        if (last_error_.size() > 300)
            last_error_.erase(0, last_error_.size() - 300);
    });
    if (!started)
        co_return violation{started.error().detail};
    session_ = std::make_unique<session>(std::move(*started), clock_);
    session_->send(hello_line("conformance-test"));
    const auto line = co_await session_->next_line(clock_.now() + timeout_);
    if (!line) {
        auto happened = co_await what_happened(line.error());
        co_return violation{std::move(happened)};
    }
    auto read = read_hello(*line);
    if (!read)
        co_return read.error();
    if (const auto* failed = std::get_if<failure_line>(&*read))
        co_return violation{"it says " + text_of(*failed)};
    if (session_->has_spoken())
        co_return violation{"it wrote more than its hello before it was asked anything"};
    co_return std::get<program_hello>(std::move(*read));
}

asio::awaitable<understood<rehearsal::answer>> rehearsal::ask(request_kind kind, std::string asked)
{
    if (!session_)
        co_return violation{"it is not running"};
    const auto deadline = clock_.now() + timeout_;
    session_->send(std::move(asked));
    answer all;
    for (;;) {
        const auto written = co_await session_->next_line(deadline);
        if (!written) {
            auto happened = co_await what_happened(written.error());
            co_return violation{std::move(happened)};
        }
        auto read = read_answer(*written, kind, last_id_);
        if (!read)
            co_return read.error();
        if (!std::holds_alternative<done_line>(*read) && !std::holds_alternative<failure_line>(*read)) {
            all.before.push_back(std::move(*read));
            continue;
        }
        all.end = std::move(*read);
        if (session_->has_spoken())
            co_return violation{"it wrote more after the end of its answer"};
        co_return all;
    }
}

asio::awaitable<std::optional<std::string>> rehearsal::line()
{
    const auto written = co_await session_->next_line(clock_.now() + timeout_);
    if (!written)
        co_return std::nullopt;
    co_return std::string(*written);
}

asio::awaitable<std::optional<ending>> rehearsal::end()
{
    for (int second = 0; second < 5; ++second) {
        const auto ended = co_await session_->how_it_ended();
        if (ended)
            co_return ended;
    }
    co_return std::nullopt;
}

std::string rehearsal::text_of(const failure_line& failed)
{
    const auto code = static_cast<sync::errc>(failed.why.code.value());
    const auto message = sync::printable(failed.why.detail);
    return std::string(name_of(code)) + (message.empty() ? "" : ": \"" + message + '"');
}

asio::awaitable<std::string> rehearsal::what_happened(silence why)
{
    auto text = to_text(why, timeout_);
    if (why == silence::ended || why == silence::half_line) {
        const auto ended = co_await session_->how_it_ended();
        if (ended)
            text += ": " + to_text(*ended);
    }
    co_return last_error_.empty() ? text : text + "; its standard error: " + sync::printable(last_error_);
}

} // namespace testdome_sync::exec
