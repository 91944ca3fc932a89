#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace testdome_sync::sync {

// Machines that share a ledger divide its work: each part is done by one of them at a time. A mapping is a part, its
// polls together with its write-backs; all that has to do with TestDome is another one.

inline const std::string testdome_part = "testdome";
std::string part_of(const std::string& mapping);
/// For people: "TestDome", "mapping engineering".
std::string shown_part(const std::string& part);

/// What whoever does a part's work is asked to do now instead of when it is due.
enum class part_call {
    act, ///< what the ledger wants of TestDome, or of the HR system
    poll ///< read the HR system
};

/// Which parts this process does. Kept by part_keeper, asked by the engine. One thread.
class own_parts {
public:
    /// Lasts as long as something is done for a part: meanwhile the part isn't given away.
    class turn {
    public:
        turn() = default;
        explicit turn(std::shared_ptr<int> count) : count_(std::move(count)) { ++*count_; }
        ~turn()
        {
            if (count_)
                --*count_;
        }
        turn(turn&& other) noexcept : count_(std::move(other.count_)) {}
        turn(const turn&) = delete;
        turn& operator=(const turn&) = delete;
        turn& operator=(turn&&) = delete;
        /// False: the part is not ours, or about to be given away.
        explicit operator bool() const { return count_ != nullptr; }

    private:
        std::shared_ptr<int> count_;
    };

    turn begin(const std::string& part);
    /// Ours, and not about to be given away.
    bool has(const std::string& part) const;
    /// A number that is another one each time that the part becomes ours: what its machine before has left under way
    /// is looked at once for each.
    int tenure(const std::string& part) const;

    /// Asks whoever does the part at another machine, with the next look at the division, which is made soon.
    void call(const std::string& part, part_call what);
    /// Set by whoever looks at the division.
    std::function<void()> when_called = [] {};

    // For part_keeper.
    void take(const std::string& part);
    void let_go(const std::string& part); ///< nothing new begins for it
    void keep(const std::string& part);   ///< it is not given away after all
    void give(const std::string& part);
    bool is_ours(const std::string& part) const { return parts_.contains(part); } ///< also while it is let go
    bool is_idle(const std::string& part) const;
    std::vector<std::string> all() const;
    using calls = std::set<std::pair<std::string, part_call>>;
    const calls& called() const { return called_; }
    void forget_calls() { called_.clear(); }

private:
    struct own_part {
        int tenure = 0;
        bool is_let_go = false;
        std::shared_ptr<int> turns = std::make_shared<int>(0);
    };
    std::map<std::string, own_part> parts_;
    calls called_;
    int tenures_ = 0;
};

} // namespace testdome_sync::sync
