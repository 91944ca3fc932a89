#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

namespace soci {
class session;
}

namespace testdome_sync::testing {

/// A database server of this machine's packages, for one test program alone: in a folder of its own, on a loopback port
/// and a Unix socket of its own, gone when the program ends.
class database_server {
public:
    enum class product { postgresql, mariadb };

    /// What is missing to run it here; empty if nothing is.
    static std::string missing(product wanted);

    /// `more`: as of the first `start`.
    explicit database_server(product wanted, const std::vector<std::string>& more = {});
    ~database_server();
    database_server(const database_server&) = delete;
    database_server& operator=(const database_server&) = delete;

    /// `more`: further arguments of the server.
    void start(const std::vector<std::string>& more = {});
    void kill(); ///< as a crash does it

    product kind() const { return product_; }
    unsigned short port() const { return port_; }
    pid_t process() const { return process_; }
    /// Its own; gone with it.
    const std::filesystem::path& folder() const { return folder_; }

    /// A connection of the administrator's, who may do everything.
    std::unique_ptr<soci::session> administrator() const;
    /// The same for the `mariadb` and `psql` of a script.
    std::string socket() const;

    /// `database:` and `credentials:` of a mapping. `more`: further keys of `database:`.
    std::string mapping(const std::string& more = "", unsigned short port = 0) const;

private:
    void initialize() const;
    std::vector<std::string> command() const;
    std::string connect_string() const;

    product product_;
    std::filesystem::path folder_;
    unsigned short port_ = 0;
    pid_t process_ = -1;
};

/// The server of this test program.
database_server& server();

} // namespace testdome_sync::testing
