#pragma once

#include "sync/bookkeeper.hpp"
#include "sync/environment.hpp"
#include "sync/selector.hpp"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace testdome_sync::sync {

/// Takes what a poll found into the ledger. Synchronous; the cursor and everything that the poll found are stored in
/// one unit of work.
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

    /// What of the answer must be decided about; the catalog of tests is needed for that, and only then.
    std::vector<application_news> news_in(const config::mapping& mapping, const poll_answer& answer,
                                          const mapping_record& record);

    /// `record` is the mapping's record as it shall be after this poll, `news` what `news_in` made of the answer.
    intake_summary accept(const config::mapping& mapping, const poll_answer& answer, std::vector<application_news> news,
                          mapping_record record);

private:
    void apply_poll_limit(intake_summary& summary);
    void tell_of_applications(const config::mapping& mapping, const intake_summary& summary);
    void report(const config::mapping& mapping, const poll_answer& answer, const intake_summary& summary);

    environment& world_;
    bookkeeper& books_;
    selector& selector_;
    std::set<std::string> told_first_;  ///< mappings whose first poll since the start was reported
    std::set<std::string> told_broken_; ///< records that were reported since the start
};

} // namespace testdome_sync::sync
