#pragma once

#include <chrono>

struct jq_state;

namespace testdome_sync::config {

/// Stops an evaluation that takes too much: libjq has no limit of its own, and the daemon has one thread. A timer of
/// the thread's processor time interrupts it every 20 ms; then the time that was used, and the memory that was added,
/// are looked at, and `jq_halt` is called, which libjq looks at before each of its instructions. (One built-in that
/// takes long by itself is not interrupted; and an evaluation that ends within 20 ms pays two system calls.)
class evaluation_watch {
public:
    /// Watches until it is destroyed; one at a time in each thread. The evaluation must have been started.
    evaluation_watch(jq_state* state, std::chrono::milliseconds limit);
    ~evaluation_watch();
    evaluation_watch(const evaluation_watch&) = delete;
    evaluation_watch& operator=(const evaluation_watch&) = delete;

    /// Why the evaluation was stopped; null if it wasn't.
    const char* reason() const;
};

} // namespace testdome_sync::config
