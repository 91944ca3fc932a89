#pragma once

#include "sync/bookkeeper.hpp"
#include "sync/environment.hpp"
#include "sync/selector.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace testdome_sync::sync {

/// Takes what a poll found into the ledger, the cursor at last. What is much comes in several units of work, so that
/// nobody waits long; whom the rules select is held until the last one, as only then it is known whether they are too
/// many for one poll.
class intake {
public:
    intake(environment& world, bookkeeper& books, selector& selector)
        : world_(world), books_(books), selector_(selector)
    {
    }

    /// Tells of an application's id and fingerprint whether the ledger has it so and it needs no other look. `mapping`
    /// must outlive the answer, which is right until the ledger changes.
    std::function<bool(const std::string&, const std::string&)> known_to(const config::mapping& mapping,
                                                                         const mapping_record& record);

    /// Whether anything of the answer must be decided about; the catalog of tests is needed for that, and only then.
    bool has_news(const config::mapping& mapping, const poll_answer& answer, const mapping_record& record);

    /// `before` is the mapping's record when the HR system was asked, at `asked_at`. Interrupted between two units it
    /// leaves the cursor where it was, so that the next poll goes on.
    boost::asio::awaitable<intake_summary> accept(const config::mapping& mapping, poll_answer answer,
                                                  mapping_record before, wall_time asked_at);

private:
    /// An answer on its way into the ledger.
    struct arrival {
        const config::mapping& mapping;
        poll_answer answer;
        wall_time asked_at;
        mapping_record before;
        std::function<bool(const std::string&, const std::string&)> is_known{};
        std::size_t taken = 0;
        intake_summary summary{};              ///< whose `selected` are those of the unit under way
        std::vector<std::int64_t> held_back{}; ///< selected by the units before; of very many only their ids
        std::string over_limit{};              ///< why nobody is invited; empty if all are
    };

    /// One unit of work. True if it was the last one.
    bool take_some(arrival& of);
    void hold_until_all_are_taken_in(arrival& of);
    void finish(arrival& of);
    void plan_those_held_back(arrival& of);
    void apply_poll_limit(arrival& of);
    void tell_of_applications(arrival& of);
    void tell_of_selected(const arrival& of);
    void report(const config::mapping& mapping, const poll_answer& answer, const intake_summary& summary);

    environment& world_;
    bookkeeper& books_;
    selector& selector_;
    std::set<std::string> told_first_;  ///< mappings whose first poll since the start was reported
    std::set<std::string> told_broken_; ///< records that were reported since the start
};

} // namespace testdome_sync::sync
