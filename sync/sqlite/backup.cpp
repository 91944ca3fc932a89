#include "sync/backup.hpp"

#include "sync/relational/statements.hpp"
#include "sync/sqlite/session.hpp"
#include "sync/sync_to_disk.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace testdome_sync::sync {
namespace {

ledger_error not_made(const std::string& file, const std::error_code& why)
{
    return ledger_error("the backup " + file + " can't be made: " + why.message() +
                        (why == std::errc::file_exists ? "; choose another name, or move it away" : ""));
}

/// A file of our own, gone again unless it is kept.
class new_copy {
public:
    explicit new_copy(std::string file) : file_(std::move(file))
    {
        const int made = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (made < 0)
            throw not_made(file_, {errno, std::generic_category()});
        ::close(made);
    }
    ~new_copy()
    {
        if (!kept_)
            ::unlink(file_.c_str());
    }
    new_copy(const new_copy&) = delete;
    new_copy& operator=(const new_copy&) = delete;

    /// Its contents, then its name.
    void keep()
    {
        const auto folder = std::filesystem::absolute(file_).parent_path().string();
        for (const auto& part : {file_, folder})
            if (const auto problem = sync_to_disk(part))
                throw not_made(file_, problem);
        kept_ = true;
    }

private:
    std::string file_;
    bool kept_ = false;
};

} // namespace

void back_up_sqlite_ledger(const std::string& path, const std::string& file)
{
    if (!std::filesystem::exists(path))
        throw ledger_error("ledger " + path + " does not exist: there is nothing to copy");
    new_copy made(file);
    try {
        sqlite::connection copy;
        copy.open(file);
        sqlite::copy_into(copy, path);
        // A write-ahead log beside it could be forgotten.
        relational::statements(copy).one<std::string>("PRAGMA journal_mode = DELETE");
        sqlite::require_undamaged(copy, file, sqlite::thoroughness::everything);
    } catch (...) {
        sqlite::rethrow_explained(file);
    }
    made.keep();
}

} // namespace testdome_sync::sync
