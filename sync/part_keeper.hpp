#pragma once

#include "sync/clock.hpp"
#include "sync/division.hpp"
#include "sync/events.hpp"
#include "sync/nudge.hpp"
#include "sync/parts.hpp"
#include "sync/shared_ledger.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace testdome_sync::sync {

/// Whoever does the parts' work at this machine, with whatever configuration is in force.
class part_worker {
public:
    virtual ~part_worker() = default;
    virtual std::vector<bundle> bundles() const = 0; ///< what the configuration has
    virtual void call(const std::string& part, part_call what) = 0;
    virtual void parts_changed() = 0; ///< for people who look at this process
    virtual event_sink& events() = 0;
};

/// Keeps this machine's lease on a shared ledger, takes and gives parts, and carries calls between machines. One
/// thread.
class part_keeper {
public:
    /// All outlive it.
    part_keeper(const boost::asio::any_io_executor& executor, shared_ledger& shared, own_parts& own,
                part_worker& worker, clock& clock);
    ~part_keeper();
    part_keeper(const part_keeper&) = delete;
    part_keeper& operator=(const part_keeper&) = delete;

    /// Looks at the division now, every `ledger_lease_renewal`, and soon after a part of another machine's was called;
    /// calls `after_each` each time. Ends by an exception only: ledger_error, ledger_lost, or when it is canceled.
    boost::asio::awaitable<void> run(std::function<void()> after_each);

    void look();

private:
    void change(ledger_division& division);
    void add_own(ledger_division& division) const;
    void hand_over(ledger_division& division) const;
    void follow(const ledger_division& division);
    void take(const ledger_part& part, const std::string& before);
    void answer_calls(const ledger_part& part);
    void choose_what_to_give(const ledger_division& division);
    bool is_idle(const bundle& what) const;

    struct calls_seen {
        std::int64_t acts = 0;
        std::int64_t polls = 0;
    };

    shared_ledger& shared_;
    own_parts& own_;
    part_worker& worker_;
    clock& clock_;
    nudge nudge_;
    std::map<std::string, calls_seen> seen_;    ///< of our own parts
    std::map<std::string, std::string> before_; ///< who did the parts that `change()` has taken
    std::optional<bundle> leaving_;             ///< goes to another machine as soon as nothing is done for it
};

} // namespace testdome_sync::sync
