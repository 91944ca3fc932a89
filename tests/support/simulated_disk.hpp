#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace testdome_sync::testing {

/// What a program asks of a disk.
enum class disk_operation { read, write, truncate, sync, lock };

/// How the disk answers.
enum class disk_answer {
    well,
    full,   ///< ENOSPC
    broken, ///< EIO
    locked, ///< another program holds the file
};

/// A disk for SQLite that exists only in memory: an SQLite VFS that is the default one while this object lives, and
/// that keeps the real disk for every file whose name doesn't begin with `prefix`. What was written but not synced may
/// be lost, kept or torn when the power fails. One thread, one object at a time.
class simulated_disk {
public:
    simulated_disk();
    ~simulated_disk();
    simulated_disk(const simulated_disk&) = delete;
    simulated_disk& operator=(const simulated_disk&) = delete;

    static constexpr std::string_view prefix = "testdome-sync-simulated-";
    /// A path on this disk.
    static std::string path(const std::string& name);

    /// Files that are opened from now on belong to a new process, whose number this is.
    int begin_process() { return ++process_; }
    /// The process vanishes: its locks are gone, and whatever it still asks for fails. Its writes stay.
    void end_process(int process);
    bool is_alive(int process) const { return !dead_.contains(process); }

    /// The machine vanishes, and all its processes: of each write that was not synced, in any order, `uniform()` (in
    /// [0, 1)) decides whether it is lost, kept or torn.
    void lose_power(const std::function<double()>& uniform);

    /// Asked before each operation.
    std::function<disk_answer(disk_operation, int process)> disturb;
    bool lies_about_sync = false; ///< says that everything is stored, and stores it whenever it likes
    std::int64_t writes = 0;      ///< so far

private:
    friend struct simulated_disk_methods;
    /// What was written, and what stood there before: a sync forgets it, and only a power cut looks at it.
    struct change {
        std::size_t offset = 0;
        std::size_t size = 0; ///< in bytes; of what is written
        bool truncates = false;
        std::string before{};        ///< what it replaced, to the file's end at most
        std::size_t size_before = 0; ///< of the file
    };
    struct file {
        std::string content; ///< as programs see it
        std::vector<change> unsynced{};
        std::vector<std::unique_ptr<char[]>> shared_memory{};
        std::map<void*, int> locks{};                                  ///< by open file: SQLite's lock level
        std::map<void*, std::pair<unsigned, unsigned>> shared_locks{}; ///< by open file: masks of shared and exclusive
        int opened = 0;
    };
    static void write(std::string& to, std::size_t offset, std::string_view bytes);

    struct registration;
    std::unique_ptr<registration> registration_;
    std::map<std::string, file> files_;
    std::set<int> dead_;
    int process_ = 0;
};

} // namespace testdome_sync::testing
