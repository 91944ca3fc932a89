#pragma once

#include "sync/failure.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace testdome_sync::csv {

/// What can be told of a file without reading it.
struct file_state {
    std::string name; ///< without its folder
    std::string path;
    std::uint64_t size = 0;
    std::int64_t modified = 0; ///< nanoseconds since 1970
    std::string stamp;         ///< another one if the file was written, replaced, or only touched
};

/// An open file, closed at the end. Calls block.
class file {
public:
    /// `flags` and `mode` as for open(2). What isn't a regular file is a failure: opening a pipe would wait.
    static sync::result<file> open(const std::string& path, int flags, mode_t mode = 0);
    ~file();
    file(file&& other) noexcept;
    file& operator=(file&& other) noexcept;

    int descriptor() const { return descriptor_; }
    const std::string& path() const { return path_; }
    /// Its state now, whatever has become of its name.
    file_state state() const;
    /// Throws std::system_error.
    std::size_t read(char* into, std::size_t size);

private:
    file(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}

    int descriptor_;
    std::string path_;
};

/// The state of what stands at `path`; a failure if that is no regular file, or can't be looked at.
sync::result<file_state> state_of(const std::string& path);

/// A call about a file failed with `error`: `not_sent`, told as `PATH: WHAT`, with what to do where that is known.
sync::failure file_failure(const std::string& path, int error);

/// The last part of a path, and everything before it.
std::string name_of(const std::string& path);
std::string folder_of(const std::string& path);

} // namespace testdome_sync::csv
