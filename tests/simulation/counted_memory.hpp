#pragma once

namespace testdome_sync::testing {

/// What the program asks `new` for, with what records it for the tests; not what the simulated servers do, and not
/// malloc, which SQLite and libjq call by themselves. Whoever is linked with it counts while `is_counting`. One thread.
struct counted_memory {
    bool is_counting = false;
    long allocations = 0;
    long bytes = 0; ///< in use, of those that were asked for while it counted
    long peak = 0;  ///< of `bytes`
};
extern counted_memory counted;

} // namespace testdome_sync::testing
