#include "tests/simulation/counted_memory.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace testdome_sync::testing {

counted_memory counted;

namespace {

/// Before each piece stands how much of it counts. A piece with an alignment of its own is counted without its size.
constexpr std::size_t before = alignof(std::max_align_t);

void* allocate(std::size_t size)
{
    auto* whole = static_cast<long*>(std::malloc(before + size));
    if (!whole)
        throw std::bad_alloc();
    *whole = counted.is_counting ? static_cast<long>(size) : 0;
    counted.allocations += counted.is_counting ? 1 : 0;
    counted.bytes += *whole;
    counted.peak = std::max(counted.peak, counted.bytes);
    return reinterpret_cast<std::byte*>(whole) + before;
}

void* allocate(std::size_t size, std::size_t alignment)
{
    counted.allocations += counted.is_counting ? 1 : 0;
    const auto whole = (std::max<std::size_t>(size, 1) + alignment - 1) / alignment * alignment;
    if (auto* made = std::aligned_alloc(alignment, whole))
        return made;
    throw std::bad_alloc();
}

void release(void* made) noexcept
{
    if (!made)
        return;
    auto* whole = static_cast<std::byte*>(made) - before;
    counted.bytes -= *reinterpret_cast<long*>(whole);
    std::free(whole);
}

} // namespace
} // namespace testdome_sync::testing

using testdome_sync::testing::allocate;
using testdome_sync::testing::release;

// NOLINTBEGIN(misc-new-delete-overloads): the other forms call these
void* operator new(std::size_t size)
{
    return allocate(size);
}
void* operator new(std::size_t size, std::align_val_t alignment)
{
    return allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* made) noexcept
{
    release(made);
}
void operator delete(void* made, std::size_t) noexcept
{
    release(made);
}
void operator delete(void* made, std::align_val_t) noexcept
{
    std::free(made);
}
void operator delete(void* made, std::size_t, std::align_val_t) noexcept
{
    std::free(made);
}
// NOLINTEND(misc-new-delete-overloads)
