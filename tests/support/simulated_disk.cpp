#include "tests/support/simulated_disk.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <memory>
#include <stdexcept>

// Source of the methods' rules: https://www.sqlite.org/c3ref/io_methods.html and vfs.html.

namespace testdome_sync::testing {

namespace {

constexpr std::size_t sector = 512; ///< what a disk writes as a whole

simulated_disk* current = nullptr;

struct open_file {
    sqlite3_file base;
    simulated_disk* disk;
    std::string* name;
    int process;
};

open_file& as_ours(sqlite3_file* file)
{
    return *reinterpret_cast<open_file*>(file);
}

bool is_ours(const char* name)
{
    return name && std::filesystem::path(name).filename().string().starts_with(simulated_disk::prefix);
}

int error_of(disk_answer answer, int when_broken)
{
    switch (answer) {
    case disk_answer::well: return SQLITE_OK;
    case disk_answer::full: return SQLITE_FULL;
    case disk_answer::broken: return when_broken;
    case disk_answer::locked: return SQLITE_BUSY;
    }
    return SQLITE_OK;
}

} // namespace

/// SQLite's table of functions; a struct so that it may see into the disk.
struct simulated_disk_methods {
    static simulated_disk::file& content_of(open_file& opened) { return opened.disk->files_.at(*opened.name); }

    static int ask(open_file& opened, disk_operation what, int when_broken)
    {
        if (!opened.disk->is_alive(opened.process))
            return when_broken;
        if (what == disk_operation::write || what == disk_operation::truncate)
            ++opened.disk->writes;
        const auto answer = opened.disk->disturb ? opened.disk->disturb(what, opened.process) : disk_answer::well;
        return opened.disk->is_alive(opened.process) ? error_of(answer, when_broken) : when_broken;
    }

    static int close(sqlite3_file* file)
    {
        auto& opened = as_ours(file);
        auto& content = content_of(opened);
        content.locks.erase(file);
        content.shared_locks.erase(file);
        --content.opened;
        delete opened.name;
        return SQLITE_OK;
    }

    static int read(sqlite3_file* file, void* to, int amount, sqlite3_int64 offset)
    {
        auto& opened = as_ours(file);
        if (const int error = ask(opened, disk_operation::read, SQLITE_IOERR_READ); error != SQLITE_OK)
            return error;
        const auto& bytes = content_of(opened).content;
        const auto begin = std::min(static_cast<std::size_t>(offset), bytes.size());
        const auto there = std::min(static_cast<std::size_t>(amount), bytes.size() - begin);
        std::memcpy(to, bytes.data() + begin, there);
        if (there == static_cast<std::size_t>(amount))
            return SQLITE_OK;
        std::memset(static_cast<char*>(to) + there, 0, static_cast<std::size_t>(amount) - there);
        return SQLITE_IOERR_SHORT_READ;
    }

    static int write(sqlite3_file* file, const void* from, int amount, sqlite3_int64 offset)
    {
        auto& opened = as_ours(file);
        if (const int error = ask(opened, disk_operation::write, SQLITE_IOERR_WRITE); error != SQLITE_OK)
            return error;
        auto& of = content_of(opened);
        const auto at = static_cast<std::size_t>(offset), size = static_cast<std::size_t>(amount);
        const auto known = of.content.size();
        of.unsynced.push_back({at, size, false, of.content.substr(std::min(at, known), size), known});
        simulated_disk::write(of.content, at, {static_cast<const char*>(from), size});
        return SQLITE_OK;
    }

    static int truncate(sqlite3_file* file, sqlite3_int64 size)
    {
        auto& opened = as_ours(file);
        if (const int error = ask(opened, disk_operation::truncate, SQLITE_IOERR_TRUNCATE); error != SQLITE_OK)
            return error;
        auto& of = content_of(opened);
        const auto end = std::min(static_cast<std::size_t>(size), of.content.size());
        of.unsynced.push_back({end, 0, true, of.content.substr(end), of.content.size()});
        of.content.resize(end);
        return SQLITE_OK;
    }

    static int sync(sqlite3_file* file, int)
    {
        auto& opened = as_ours(file);
        if (const int error = ask(opened, disk_operation::sync, SQLITE_IOERR_FSYNC); error != SQLITE_OK)
            return error;
        if (!opened.disk->lies_about_sync)
            content_of(opened).unsynced.clear();
        return SQLITE_OK;
    }

    static int size(sqlite3_file* file, sqlite3_int64* bytes)
    {
        *bytes = static_cast<sqlite3_int64>(content_of(as_ours(file)).content.size());
        return SQLITE_OK;
    }

    /// The highest lock that somebody else holds.
    static int held_by_others(open_file& opened, void* self)
    {
        int highest = SQLITE_LOCK_NONE;
        for (const auto& [who, level] : content_of(opened).locks)
            if (who != self)
                highest = std::max(highest, level);
        return highest;
    }

    static int lock(sqlite3_file* file, int level)
    {
        auto& opened = as_ours(file);
        if (const int error = ask(opened, disk_operation::lock, SQLITE_IOERR_LOCK); error != SQLITE_OK)
            return error;
        const int others = held_by_others(opened, file);
        const bool refused = (level == SQLITE_LOCK_SHARED && others >= SQLITE_LOCK_PENDING) ||
                             (level == SQLITE_LOCK_RESERVED && others >= SQLITE_LOCK_RESERVED) ||
                             (level == SQLITE_LOCK_EXCLUSIVE && others >= SQLITE_LOCK_SHARED);
        if (refused)
            return SQLITE_BUSY;
        auto& held = content_of(opened).locks[file];
        held = std::max(held, level);
        return SQLITE_OK;
    }

    static int unlock(sqlite3_file* file, int level)
    {
        content_of(as_ours(file)).locks[file] = level;
        return SQLITE_OK;
    }

    static int is_reserved(sqlite3_file* file, int* answer)
    {
        *answer = held_by_others(as_ours(file), nullptr) >= SQLITE_LOCK_RESERVED ? 1 : 0;
        return SQLITE_OK;
    }

    static int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
    static int sector_size(sqlite3_file*) { return static_cast<int>(sector); }
    static int characteristics(sqlite3_file*) { return 0; }

    static int map_shared(sqlite3_file* file, int region, int size, int extend, void volatile** memory)
    {
        auto& regions = content_of(as_ours(file)).shared_memory;
        const auto wanted = static_cast<std::size_t>(region);
        *memory = nullptr;
        if (wanted >= regions.size() && !extend)
            return SQLITE_OK;
        while (regions.size() <= wanted)
            regions.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
        *memory = regions[wanted].get();
        return SQLITE_OK;
    }

    static int lock_shared(sqlite3_file* file, int offset, int count, int flags)
    {
        auto& opened = as_ours(file);
        auto& content = content_of(opened);
        const unsigned mask = ((1U << static_cast<unsigned>(count)) - 1U) << static_cast<unsigned>(offset);
        if ((flags & SQLITE_SHM_UNLOCK) != 0) {
            auto& [shared, exclusive] = content.shared_locks[file];
            shared &= ~mask;
            exclusive &= ~mask;
            return SQLITE_OK;
        }
        if (const int error = ask(opened, disk_operation::lock, SQLITE_IOERR_SHMLOCK); error != SQLITE_OK)
            return error;
        const bool wants_all = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
        for (const auto& [who, masks] : content.shared_locks)
            if (who != file && ((masks.second & mask) != 0 || (wants_all && (masks.first & mask) != 0)))
                return SQLITE_BUSY;
        auto& [shared, exclusive] = content.shared_locks[file];
        (wants_all ? exclusive : shared) |= mask;
        return SQLITE_OK;
    }

    static void order_memory(sqlite3_file*) {}

    static int unmap_shared(sqlite3_file* file, int)
    {
        auto& content = content_of(as_ours(file));
        content.shared_locks.erase(file);
        if (content.shared_locks.empty())
            content.shared_memory.clear(); // whoever comes first afterwards reads the log anew
        return SQLITE_OK;
    }

    static const sqlite3_io_methods* table()
    {
        static const sqlite3_io_methods methods{.iVersion = 2,
                                                .xClose = close,
                                                .xRead = read,
                                                .xWrite = write,
                                                .xTruncate = truncate,
                                                .xSync = sync,
                                                .xFileSize = size,
                                                .xLock = lock,
                                                .xUnlock = unlock,
                                                .xCheckReservedLock = is_reserved,
                                                .xFileControl = control,
                                                .xSectorSize = sector_size,
                                                .xDeviceCharacteristics = characteristics,
                                                .xShmMap = map_shared,
                                                .xShmLock = lock_shared,
                                                .xShmBarrier = order_memory,
                                                .xShmUnmap = unmap_shared,
                                                .xFetch = nullptr,
                                                .xUnfetch = nullptr};
        return &methods;
    }

    static sqlite3_vfs* real(sqlite3_vfs* own) { return static_cast<sqlite3_vfs*>(own->pAppData); }

    static int open(sqlite3_vfs* own, const char* name, sqlite3_file* file, int flags, int* made_flags)
    {
        if (!is_ours(name))
            return real(own)->xOpen(real(own), name, file, flags, made_flags);
        auto& content = current->files_[name];
        // Whoever begins anew after a crash finds no shared memory.
        if (content.opened++ == 0)
            content.shared_memory.clear();
        auto& opened = as_ours(file);
        opened = {{table()}, current, new std::string(name), current->process_};
        if (made_flags)
            *made_flags = flags;
        return SQLITE_OK;
    }

    static int remove(sqlite3_vfs* own, const char* name, int sync_directory)
    {
        if (!is_ours(name))
            return real(own)->xDelete(real(own), name, sync_directory);
        current->files_.erase(name);
        return SQLITE_OK;
    }

    static int access(sqlite3_vfs* own, const char* name, int flags, int* answer)
    {
        if (!is_ours(name))
            return real(own)->xAccess(real(own), name, flags, answer);
        const auto found = current->files_.find(name);
        *answer = found != current->files_.end() && !found->second.content.empty() ? 1 : 0;
        return SQLITE_OK;
    }

    static int full_path(sqlite3_vfs* own, const char* name, int room, char* to)
    {
        return real(own)->xFullPathname(real(own), name, room, to);
    }

    static int sleep(sqlite3_vfs*, int microseconds) { return microseconds; } // time is virtual

    static int random_bytes(sqlite3_vfs*, int amount, char* to)
    {
        std::memset(to, 42, static_cast<std::size_t>(amount)); // the same in each run
        return amount;
    }

    static int time(sqlite3_vfs*, sqlite3_int64* milliseconds)
    {
        *milliseconds = 212'000'000'000'000; // the ledger asks SQLite for no time
        return SQLITE_OK;
    }
};

struct simulated_disk::registration {
    sqlite3_vfs own{};
    sqlite3_vfs* real = nullptr;
};

simulated_disk::simulated_disk() : registration_(std::make_unique<registration>())
{
    if (current)
        throw std::logic_error("there is a simulated disk already");
    auto& made = *registration_;
    made.real = sqlite3_vfs_find(nullptr);
    made.own = *made.real;
    made.own.iVersion = 2;
    made.own.szOsFile = std::max(made.real->szOsFile, static_cast<int>(sizeof(open_file)));
    made.own.zName = "testdome-sync-simulated";
    made.own.pAppData = made.real;
    made.own.xOpen = simulated_disk_methods::open;
    made.own.xDelete = simulated_disk_methods::remove;
    made.own.xAccess = simulated_disk_methods::access;
    made.own.xFullPathname = simulated_disk_methods::full_path;
    made.own.xRandomness = simulated_disk_methods::random_bytes;
    made.own.xSleep = simulated_disk_methods::sleep;
    made.own.xCurrentTimeInt64 = simulated_disk_methods::time;
    current = this;
    sqlite3_vfs_register(&made.own, 1);
}

simulated_disk::~simulated_disk()
{
    sqlite3_vfs_unregister(&registration_->own);
    sqlite3_vfs_register(registration_->real, 1);
    current = nullptr;
}

std::string simulated_disk::path(const std::string& name)
{
    return (std::filesystem::temp_directory_path() / (std::string(prefix) + name)).string();
}

void simulated_disk::write(std::string& to, std::size_t offset, std::string_view bytes)
{
    if (to.size() < offset)
        to.resize(offset);
    constexpr std::size_t least_room = 65'536;
    if (const auto needed = offset + bytes.size(); needed > to.capacity())
        to.reserve(std::max(least_room, 4 * needed)); // files grow fast, and many lives have many of them
    const auto over = std::min(bytes.size(), to.size() - offset);
    bytes.copy(to.data() + offset, over);
    to.append(bytes.substr(over));
}

void simulated_disk::end_process(int process)
{
    dead_.insert(process);
    const auto of_the_dead = [process](const auto& lock) {
        return as_ours(static_cast<sqlite3_file*>(lock.first)).process == process;
    };
    for (auto& [name, content] : files_) {
        std::erase_if(content.locks, of_the_dead);
        std::erase_if(content.shared_locks, of_the_dead);
    }
}

void simulated_disk::lose_power(const std::function<double()>& uniform)
{
    for (int process = 1; process <= process_; ++process)
        dead_.insert(process);
    for (auto& [name, content] : files_) {
        content.locks.clear();
        content.shared_locks.clear();
        // Back to what was synced, and from there each write meets its fate.
        std::vector<std::string> written(content.unsynced.size());
        for (auto i = content.unsynced.size(); i-- > 0;) {
            const auto& one = content.unsynced[i];
            written[i] = content.content.substr(one.offset, one.size);
            content.content.resize(one.size_before);
            one.before.copy(content.content.data() + std::min(one.offset, one.size_before), one.before.size());
        }
        for (std::size_t i = 0; i < written.size(); ++i) {
            const auto& one = content.unsynced[i];
            auto bytes = std::string_view(written[i]);
            const auto fate = uniform();
            if (fate < 1.0 / 3)
                continue;
            if (fate < 2.0 / 3 && !one.truncates) { // a disk writes sectors as a whole, but not all of them
                const auto kept = static_cast<std::size_t>(uniform() * static_cast<double>(bytes.size()));
                bytes = bytes.substr(0, kept / sector * sector);
            }
            if (one.truncates)
                content.content.resize(std::min(one.offset, content.content.size()));
            else
                write(content.content, one.offset, bytes);
        }
        content.unsynced.clear();
    }
}

} // namespace testdome_sync::testing
