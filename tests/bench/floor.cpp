// What nobody can do without: a request over a kept TLS connection, a row in SQLite, a synced commit, and of that the
// sync alone. Each with nothing around it, on this machine, as CPU microseconds and as microseconds of the clock.
// bench_floor HOST PORT CA-FILE PATH DIRECTORY

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <sqlite3.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace json = boost::json;

double cpu_microseconds()
{
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto of = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
    };
    return of(used.ru_utime) + of(used.ru_stime);
}

/// Of one of `times` repetitions.
json::object cost_of(int times, const std::function<void()>& work)
{
    const auto cpu = cpu_microseconds();
    const auto began = std::chrono::steady_clock::now();
    for (int i = 0; i < times; ++i)
        work();
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - began;
    return {{"cpu_us", (cpu_microseconds() - cpu) / times}, {"wall_us", took.count() / times}};
}

/// Requests over one connection that is kept, one after another.
json::object requests(const std::string& host, const std::string& port, const std::string& ca, const std::string& path)
{
    asio::io_context context(1);
    asio::ssl::context trust(asio::ssl::context::tls_client);
    trust.load_verify_file(ca);
    asio::ssl::stream<asio::ip::tcp::socket> stream(context, trust);
    stream.set_verify_mode(asio::ssl::verify_peer);
    asio::connect(stream.next_layer(), asio::ip::tcp::resolver(context).resolve(host, port));
    stream.next_layer().set_option(asio::ip::tcp::no_delay(true));
    stream.handshake(asio::ssl::stream_base::client);
    boost::beast::flat_buffer buffer;
    http::request<http::empty_body> order(http::verb::get, path, 11);
    order.set(http::field::host, host);
    constexpr int times = 5'000;
    return cost_of(times, [&] {
        http::write(stream, order);
        http::response<http::string_body> answer;
        http::read(stream, buffer, answer);
    });
}

/// A page appended to a file, and on the disk before the next one.
json::object syncs(const std::filesystem::path& path)
{
    const int file = ::open(path.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
    if (file < 0)
        throw std::runtime_error("can't write " + path.string());
    const std::string page(4096, 'x');
    auto cost = cost_of(500, [&] {
        if (::write(file, page.data(), page.size()) != static_cast<ssize_t>(page.size()) || ::fdatasync(file) != 0)
            throw std::runtime_error("can't write " + path.string());
    });
    ::close(file);
    return cost;
}

class database {
public:
    explicit database(const std::string& path)
    {
        if (sqlite3_open(path.c_str(), &handle_) != SQLITE_OK)
            throw std::runtime_error("can't open " + path);
    }
    ~database() { sqlite3_close(handle_); }
    database(const database&) = delete;
    database& operator=(const database&) = delete;

    void run(const char* text)
    {
        if (sqlite3_exec(handle_, text, nullptr, nullptr, nullptr) != SQLITE_OK)
            throw std::runtime_error(sqlite3_errmsg(handle_));
    }

private:
    sqlite3* handle_ = nullptr;
};

} // namespace

int main(int count, char** arguments)
{
    if (count != 6) {
        std::cerr << "bench_floor HOST PORT CA-FILE PATH DIRECTORY\n";
        return 2;
    }
    const std::filesystem::path directory(arguments[5]);
    database sql((directory / "floor.db").string());
    sql.run("PRAGMA journal_mode = WAL");
    sql.run("PRAGMA synchronous = FULL"); // as the ledger has it
    sql.run("CREATE TABLE rows(id INTEGER PRIMARY KEY, text TEXT)");
    const auto insert = [&] { sql.run("INSERT INTO rows(text) VALUES(hex(zeroblob(100)))"); };
    const auto commits = cost_of(500, insert);
    sql.run("BEGIN");
    const auto rows = cost_of(100'000, insert);
    sql.run("COMMIT");
    std::cout << json::serialize(
                     json::object{{"request", requests(arguments[1], arguments[2], arguments[3], arguments[4])},
                                  {"commit", commits},
                                  {"sync", syncs(directory / "floor.page")},
                                  {"row", rows}})
              << '\n';
}
