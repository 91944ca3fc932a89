#include "sync/postgresql/connection.hpp"

#include "sync/postgresql/library.hpp"
#include "sync/postgresql/parameters.hpp"
#include "sync/utf8.hpp"

#include <poll.h>

#include <cerrno>

namespace testdome_sync::sync::postgresql {
namespace {

/// What the server itself stops after `statement_timeout` (session.cpp) is told as such.
constexpr int silence_milliseconds = 25'000;
constexpr int connection_milliseconds = 5'000; // as connect_timeout (parameters.cpp)

constexpr std::string_view replacement = "\xEF\xBF\xBD"; // U+FFFD

/// Of a connection that was refused by the server itself: its SQLSTATE, else nothing. libpq tells it only where the
/// verbosity is set before the connection is made, which only goes step by step; and then it does not go on from one
/// host to the next when time is up. So it is asked for when all has failed.
std::string state_of_refusal(const connection_parameters& how)
{
    const std::unique_ptr<pg_conn, decltype(&::PQfinish)> made(pq().PQconnectStartParams(how.names(), how.values(), 1),
                                                               pq().PQfinish);
    pq().PQsetErrorVerbosity(made.get(), PQERRORS_SQLSTATE);
    for (auto step = PGRES_POLLING_WRITING; step != PGRES_POLLING_FAILED; step = pq().PQconnectPoll(made.get())) {
        pollfd socket{pq().PQsocket(made.get()), static_cast<short>(step == PGRES_POLLING_READING ? POLLIN : POLLOUT),
                      0};
        if (step == PGRES_POLLING_OK || socket.fd < 0 || ::poll(&socket, 1, connection_milliseconds) <= 0)
            return {};
    }
    const std::string told = pq().PQerrorMessage(made.get()); // "… failed: FATAL:  28P01", in whichever language
    const auto end = told.find(":  ");
    return end == std::string::npos ? std::string{} : told.substr(end + 3, 5);
}

bool is_storable(std::string_view text)
{
    while (!text.empty()) {
        const auto length = text.front() == '\0' ? 0 : utf8_length(text);
        if (length == 0)
            return false;
        text.remove_prefix(length);
    }
    return true;
}

} // namespace

void connection::finish::operator()(pg_conn* handle) const noexcept
{
    pq().PQfinish(handle);
}

void connection::clear::operator()(pg_result* result) const noexcept
{
    pq().PQclear(result);
}

connection::connection(const config::ledger_settings& settings)
{
    const connection_parameters how(settings);
    handle_.reset(pq().PQconnectdbParams(how.names(), how.values(), 1));
    if (pq().PQstatus(handle_.get()) != CONNECTION_OK) {
        auto state = pq().PQconnectionNeedsPassword(handle_.get()) != 0 ? "28P01" : state_of_refusal(how);
        if (!state.empty())
            throw postgresql_error(postgresql_error::kind::refused, std::move(state),
                                   pq().PQerrorMessage(handle_.get()));
        fail();
    }
    // What a server says beside its answers would be printed, whatever is in it.
    pq().PQsetNoticeProcessor(
        handle_.get(), [](void*, const char*) {}, nullptr);
    if (pq().PQsetnonblocking(handle_.get(), 1) != 0)
        fail();
}

std::unique_ptr<relational::statement> connection::prepare(const std::string& text)
{
    return std::make_unique<statement>(*this, text);
}

void connection::make_storable(std::string& text) const
{
    if (is_storable(text))
        return;
    std::string made;
    for (std::string_view rest = text; !rest.empty();) {
        const auto length = rest.front() == '\0' ? 0 : utf8_length(rest);
        made += length == 0 ? replacement : rest.substr(0, length);
        rest.remove_prefix(length == 0 ? 1 : length);
    }
    text = std::move(made);
}

bool connection::is_usable() const
{
    return !lost_ && pq().PQstatus(handle_.get()) == CONNECTION_OK;
}

void connection::fail()
{
    lose({postgresql_error::kind::unreachable, {}, pq().PQerrorMessage(handle_.get())});
}

void connection::lose(postgresql_error why)
{
    if (!lost_)
        lost_ = std::move(why);
    throw *lost_;
}

std::optional<std::string> connection::run(const std::string& script)
{
    if (!is_usable() || pq().PQsendQuery(handle_.get(), script.c_str()) != 1)
        fail();
    const auto last = await();
    if (pq().PQntuples(last.get()) == 0 || pq().PQnfields(last.get()) == 0 || pq().PQgetisnull(last.get(), 0, 0) != 0)
        return std::nullopt;
    return pq().PQgetvalue(last.get(), 0, 0);
}

/// Until the server has taken or given something.
void connection::wait()
{
    const int unsent = pq().PQflush(handle_.get());
    if (unsent < 0)
        fail();
    pollfd socket{pq().PQsocket(handle_.get()), static_cast<short>(unsent > 0 ? POLLIN | POLLOUT : POLLIN), 0};
    const int ready = ::poll(&socket, 1, silence_milliseconds);
    if (ready < 0 && errno == EINTR)
        return;
    if (ready <= 0)
        lose({postgresql_error::kind::silent, {}, "no answer"});
    if (pq().PQconsumeInput(handle_.get()) != 1)
        fail();
}

connection::answer connection::await()
{
    answer last, first_error;
    for (;;) {
        // The first flush must not wait for an answer to what has not left yet.
        while (pq().PQisBusy(handle_.get()) != 0)
            wait();
        answer next(pq().PQgetResult(handle_.get()));
        if (!next)
            break;
        const auto status = pq().PQresultStatus(next.get());
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY && !first_error)
            first_error = std::move(next);
        else
            last = std::move(next);
    }
    if (!first_error)
        return last;
    const auto* state = pq().PQresultErrorField(first_error.get(), PG_DIAG_SQLSTATE);
    const auto* words = pq().PQresultErrorField(first_error.get(), PG_DIAG_MESSAGE_PRIMARY);
    const postgresql_error told(pq().PQstatus(handle_.get()) == CONNECTION_OK ? postgresql_error::kind::refused
                                                                              : postgresql_error::kind::unreachable,
                                state ? state : "", words ? words : pq().PQresultErrorMessage(first_error.get()));
    if (told.what_failed() == postgresql_error::kind::unreachable)
        lose(told);
    throw told;
}

} // namespace testdome_sync::sync::postgresql
