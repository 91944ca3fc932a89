#pragma once

#include "connectors/rest/record_digest.hpp"

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <utility>

namespace testdome_sync::rest {

/// What was found out about records, by their digests: windows overlap, and most records come again as they were. Keeps
/// what the last look has seen, however much that is up to `most`, and of older ones as many as cost little. One
/// thread.
template <class Value>
class record_memory {
public:
    static constexpr std::size_t comfortable = 10'000; ///< some MiB
    static constexpr std::size_t most = 50'000;

    /// Null if nothing is known. What is found is seen by this look. Valid until the next change.
    Value* find(const record_digest& of)
    {
        const auto known = all_.find(of);
        if (known == all_.end())
            return nullptr;
        known->second.look = look_;
        return &known->second.value;
    }

    /// Where to write what is known from now on; null if there is no room. Valid until the next change.
    Value* keep(const record_digest& of)
    {
        if (auto* known = find(of))
            return known;
        if (all_.size() >= most)
            return nullptr;
        return &all_.emplace(of, entry{{}, look_}).first->second.value;
    }

    /// All records of this look have come. Versions that are no longer, and what left the window, make room.
    void end_look()
    {
        if (all_.size() > comfortable)
            std::erase_if(all_, [&](const auto& one) { return one.second.look != look_; });
        ++look_;
    }

private:
    struct entry {
        Value value;
        std::uint64_t look;
    };
    std::unordered_map<record_digest, entry, record_digest::hash> all_;
    std::uint64_t look_ = 0;
};

} // namespace testdome_sync::rest
