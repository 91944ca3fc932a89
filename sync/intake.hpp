#pragma once

#include "sync/bookkeeper.hpp"
#include "sync/environment.hpp"
#include "sync/rules.hpp"
#include "sync/state_events.hpp"
#include "sync/test_catalog.hpp"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace testdome_sync::sync {

/// What one poll meant, for the log and for `plan`.
struct intake_summary {
    int seen = 0;
    int fresh = 0;
    int planned = 0;
    int held = 0;
    int skipped = 0;
    int canceled = 0;
    struct skip {
        std::string application_id;
        std::string reason;
    };
    std::vector<skip> skips;          ///< of applications that were decided anew
    std::vector<std::string> found{}; ///< applications that were seen for the first time
    std::vector<moved_assessment> moved{};
};

/// An application of a poll that the ledger doesn't have as it is now, or that is due for another look.
struct application_news {
    const application* of; ///< in the poll's answer
    boost::json::object document;
    std::string fingerprint;
};

/// Turns what a poll found into assessments: decides which applications get which test, once and for all. Synchronous;
/// the cursor and everything that the poll found are stored in one unit of work.
class intake {
public:
    intake(environment& world, bookkeeper& books, test_catalog& catalog)
        : world_(world), books_(books), catalog_(catalog)
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

    /// Applies the rules again after one of the application's tests has its result (`after:`). Inside the caller's
    /// unit.
    /// @returns what it has moved
    std::vector<moved_assessment> reconsider(const config::mapping& mapping, const std::string& application_id);

private:
    void take(const config::mapping& mapping, application_news news, const mapping_record& record,
              intake_summary& summary, std::vector<assessment>& planned);
    /// Notes what the rules say in `stored`, which is still to be saved.
    static std::vector<rule_answer> decide(const config::mapping& mapping, stored_application& stored,
                                           const std::vector<assessment>& existing);
    // These keep `existing`, the application's assessments, as the ledger has them, and need the application there.
    void select(const config::mapping& mapping, const std::vector<rule_answer>& answers,
                const stored_application& stored, std::vector<assessment>& existing, std::vector<assessment>& planned,
                intake_summary& summary);
    void select_for(const config::mapping& mapping, const rule_answer& answer, const stored_application& stored,
                    std::vector<assessment>& existing, std::vector<assessment>& planned, intake_summary& summary);
    void follow(const config::mapping& mapping, const application& application, const boost::json::object& document,
                std::vector<assessment>& existing, intake_summary& summary);
    void apply_poll_limit(std::vector<assessment>& planned, intake_summary& summary);
    void cancel(assessment& undecided, std::string why, intake_summary& summary);
    void tell_of_applications(const config::mapping& mapping, const intake_summary& summary,
                              const std::vector<assessment>& planned);
    void report(const config::mapping& mapping, const poll_answer& answer, const intake_summary& summary);

    environment& world_;
    bookkeeper& books_;
    test_catalog& catalog_;
    std::set<std::string> told_first_;  ///< mappings whose first poll since the start was reported
    std::set<std::string> told_broken_; ///< records that were reported since the start
};

} // namespace testdome_sync::sync
