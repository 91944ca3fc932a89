#include "tests/databases/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <pwd.h>
#include <soci/soci.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace testdome_sync::testing {
namespace fs = std::filesystem;
namespace {

using namespace std::chrono_literals;

const std::string administrators_password = "administrators secret";

fs::path postgresql_program(const std::string& name)
{
    for (int version = 20; version > 9; --version) {
        auto path = fs::path("/usr/lib/postgresql") / std::to_string(version) / "bin" / name;
        if (fs::exists(path))
            return path;
    }
    return {};
}

/// PostgreSQL doesn't run as root.
const passwd* postgresql_user()
{
    if (::geteuid() != 0)
        return nullptr;
    const auto* user = ::getpwnam("postgres");
    return user ? user : ::getpwnam("nobody");
}

pid_t begin(const std::vector<std::string>& command, const fs::path& log)
{
    std::vector<char*> arguments;
    for (const auto& one : command)
        arguments.push_back(const_cast<char*>(one.c_str()));
    arguments.push_back(nullptr);
    const auto parent = ::getpid();
    const auto child = ::fork();
    if (child != 0)
        return child;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL); // a test that is killed leaves nothing behind
    if (::getppid() != parent || ::chdir("/") != 0)
        ::_exit(126);
    const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    ::dup2(file, 1);
    ::dup2(file, 2);
    ::execv(arguments.front(), arguments.data());
    ::_exit(127);
}

std::string contents(const fs::path& file)
{
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

unsigned short free_port()
{
    boost::asio::io_context context;
    boost::asio::ip::tcp::acceptor acceptor(context, {boost::asio::ip::address_v4::loopback(), 0});
    return acceptor.local_endpoint().port();
}

/// The command as the user that PostgreSQL runs as.
std::vector<std::string> unprivileged(std::vector<std::string> command)
{
    const auto* user = postgresql_user();
    if (!user)
        return command;
    std::vector<std::string> wrapped{"/usr/bin/setpriv", "--reuid=" + std::to_string(user->pw_uid),
                                     "--regid=" + std::to_string(user->pw_gid), "--clear-groups", "--pdeathsig=KILL"};
    wrapped.insert(wrapped.end(), command.begin(), command.end());
    return wrapped;
}

} // namespace

std::string database_server::missing(product wanted)
{
    if (wanted == product::postgresql)
        return postgresql_program("postgres").empty() ? "postgresql-15 is not installed" : "";
    return fs::exists("/usr/sbin/mariadbd") && fs::exists("/usr/bin/mariadb-install-db")
               ? ""
               : "mariadb-server-core is not installed";
}

database_server::database_server(product wanted, const std::vector<std::string>& more)
    : product_(wanted), port_(free_port())
{
    auto pattern = (fs::temp_directory_path() / "testdome-sync-database.XXXXXX").string();
    if (!::mkdtemp(pattern.data()))
        throw std::runtime_error("no folder for a database: " + pattern);
    folder_ = pattern;
    const auto* user = product_ == product::postgresql ? postgresql_user() : nullptr;
    if (user && ::chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0)
        throw std::runtime_error("the folder can't be given to the user of PostgreSQL");
    initialize();
    start(more);
}

database_server::~database_server()
{
    kill();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void database_server::initialize() const
{
    std::vector<std::string> command;
    if (product_ == product::postgresql) {
        std::ofstream(folder_ / "password") << administrators_password << '\n';
        command = unprivileged({postgresql_program("initdb").string(), "-D", (folder_ / "data").string(), "-U",
                                "administrator", "--pwfile=" + (folder_ / "password").string(), "--auth=scram-sha-256",
                                "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"});
    } else {
        command = {"/usr/bin/mariadb-install-db", "--no-defaults", "--datadir=" + (folder_ / "data").string(),
                   "--auth-root-authentication-method=normal", "--skip-test-db"};
        if (::geteuid() == 0)
            command.emplace_back("--user=root");
    }
    const auto child = begin(command, folder_ / "log");
    int status = 0;
    ::waitpid(child, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        throw std::runtime_error("no new database: " + contents(folder_ / "log"));
}

std::vector<std::string> database_server::command() const
{
    const auto port = std::to_string(port_);
    const auto data = (folder_ / "data").string();
    if (product_ == product::postgresql)
        return unprivileged({postgresql_program("postgres").string(), "-D", data, "-k", folder_.string(), "-p", port,
                             "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "shared_buffers=16MB", "-c",
                             "deadlock_timeout=100ms", "-c", "max_connections=30"});
    std::vector<std::string> all{"/usr/sbin/mariadbd",
                                 "--no-defaults",
                                 "--datadir=" + data,
                                 "--socket=" + socket(),
                                 "--port=" + port,
                                 "--bind-address=127.0.0.1,127.0.0.2",
                                 "--pid-file=" + (folder_ / "pid").string(),
                                 "--skip-name-resolve",
                                 "--innodb-buffer-pool-size=16M",
                                 "--innodb-flush-log-at-trx-commit=2"};
    if (::geteuid() == 0)
        all.emplace_back("--user=root");
    return all;
}

void database_server::start(const std::vector<std::string>& more)
{
    auto whole = command();
    whole.insert(whole.end(), more.begin(), more.end());
    process_ = begin(whole, folder_ / "log");
    const auto until = std::chrono::steady_clock::now() + 60s;
    for (;;) {
        try {
            administrator();
            return;
        } catch (const soci::soci_error& error) {
            int status = 0;
            if (::waitpid(process_, &status, WNOHANG) == process_ || std::chrono::steady_clock::now() > until)
                throw std::runtime_error(std::string("the database does not start: ") + error.what() + '\n' +
                                         contents(folder_ / "log"));
        }
        std::this_thread::sleep_for(20ms);
    }
}

void database_server::kill()
{
    if (process_ <= 0)
        return;
    // PostgreSQL's processes end with their parent, if that one can tell them.
    ::kill(process_, product_ == product::postgresql ? SIGQUIT : SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = -1;
}

std::string database_server::socket() const
{
    return product_ == product::postgresql ? folder_.string() : (folder_ / "socket").string();
}

std::string database_server::connect_string() const
{
    if (product_ == product::postgresql)
        return "postgresql:///postgres?host=127.0.0.1&port=" + std::to_string(port_) +
               "&user=administrator&password=administrators%20secret";
    return "db='mysql' user='root' unix_socket='" + socket() + "' charset='utf8mb4'";
}

std::unique_ptr<soci::session> database_server::administrator() const
{
    auto sql =
        std::make_unique<soci::session>(product_ == product::postgresql ? "postgresql" : "mysql", connect_string());
    if (product_ == product::postgresql)
        *sql << "SET client_min_messages = error";
    return sql;
}

std::string database_server::mapping(const std::string& more, unsigned short port) const
{
    const bool postgres = product_ == product::postgresql;
    return "database: {type: " + std::string(postgres ? "postgresql" : "mariadb") +
           ", host: 127.0.0.1, port: " + std::to_string(port ? port : port_) + ", name: hr" + more +
           "}\ncredentials: {user: testdome_sync, password: \"it's a \\\\ secret\"}\n";
}

} // namespace testdome_sync::testing
