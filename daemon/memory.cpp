#include "daemon/memory.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

/// Of jemalloc (jemalloc(3)), which the daemon is linked with, but for builds with a sanitizer: they bring their own.
extern "C" int mallctl(const char* name, void* old_value, std::size_t* old_length, void* new_value,
                       std::size_t new_length) __attribute__((weak));

namespace testdome_sync::daemon {
namespace {

/// "arena.<i>.purge" with MALLCTL_ARENAS_ALL, which jemalloc.h defines as 4096, for i.
constexpr const char* purge_all_arenas = "arena.4096.purge";

constexpr std::chrono::seconds quiet{2};
constexpr std::size_t burst = 20; ///< handlers: less than that, a watchdog's tick say, leaves nothing to tidy up

/// Of the program and of each library: what it can't write to. Dropping such a page loses nothing (madvise(2),
/// MADV_DONTNEED on a private mapping of a file: the next access reads the file's page again).
int drop_read_only_pages(dl_phdr_info* object, std::size_t, void*)
{
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    for (std::size_t i = 0; i < object->dlpi_phnum; ++i) {
        const auto& segment = object->dlpi_phdr[i];
        if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0)
            continue;
        const auto begin = (object->dlpi_addr + segment.p_vaddr) / page * page;
        const auto end = object->dlpi_addr + segment.p_vaddr + segment.p_memsz;
        ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
    }
    return 0;
}

} // namespace

void give_memory_back() noexcept
{
    if (::mallctl) {
        ::mallctl("thread.tcache.flush", nullptr, nullptr, nullptr, 0);
        ::mallctl(purge_all_arenas, nullptr, nullptr, nullptr, 0);
    } else {
        ::malloc_trim(0);
    }
    ::dl_iterate_phdr(drop_read_only_pages, nullptr);
}

void run_thriftily(boost::asio::io_context& context)
{
    std::size_t handled = 0;
    while (!context.stopped()) {
        const bool tidy = handled < burst;
        if (tidy) {
            handled += context.run_one();
        } else if (context.run_one_for(quiet) == 0 && !context.stopped()) {
            give_memory_back();
            handled = 0;
        }
    }
}

} // namespace testdome_sync::daemon
