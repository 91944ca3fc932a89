#pragma once

#include "sync/bookkeeper.hpp"
#include "sync/environment.hpp"
#include "sync/rules.hpp"
#include "sync/state_events.hpp"
#include "sync/test_catalog.hpp"

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
    std::vector<skip> skips{};        ///< of applications that were decided anew
    std::vector<std::string> found{}; ///< applications that were seen for the first time
    std::vector<moved_assessment> moved{};
    std::vector<assessment> selected{}; ///< planned anew, unless a limit holds them since
};

/// An application of a poll that the ledger doesn't have as it is now, or that is due for another look.
struct application_news {
    const application& of;
    boost::json::object document;
    std::string fingerprint;
};

/// Applications that are held for something that another look at them or at the configuration may cure, without a
/// person.
std::set<std::string> applications_to_decide_again(ledger& ledger, const std::string& mapping);

/// Decides which application gets which tests, once and for all, and what its changes mean for those that it has.
/// Synchronous, inside the caller's unit of work.
class selector {
public:
    selector(environment& world, bookkeeper& books, test_catalog& catalog)
        : world_(world), books_(books), catalog_(catalog)
    {
    }

    /// Stores the application and what is decided about it; `record` is the mapping's before this poll. The catalog
    /// must be fresh.
    void take(const config::mapping& mapping, application_news news, const mapping_record& record,
              intake_summary& summary);

    /// Applies the rules again after one of the application's tests has its result (`after:`).
    /// @returns what it has moved
    std::vector<moved_assessment> reconsider(const config::mapping& mapping, const std::string& application_id);

private:
    /// Notes what the rules say in `stored`, which is still to be saved.
    static std::vector<rule_answer> decide(const config::mapping& mapping, stored_application& stored,
                                           const std::vector<assessment>& existing);
    // These keep `existing`, the application's assessments, as the ledger has them, and need the application there.
    void select(const config::mapping& mapping, const std::vector<rule_answer>& answers,
                const stored_application& stored, std::vector<assessment>& existing, intake_summary& summary);
    void select_for(const config::mapping& mapping, const rule_answer& answer, const stored_application& stored,
                    std::vector<assessment>& existing, intake_summary& summary);
    void follow(const config::mapping& mapping, const application& application, const boost::json::object& document,
                std::vector<assessment>& existing, intake_summary& summary);
    void cancel(assessment& undecided, std::string why, intake_summary& summary);

    environment& world_;
    bookkeeper& books_;
    test_catalog& catalog_;
};

/// Why a rule's assessment is planned, in the words of the audit.
std::string cause_of_planning(const assessment& planned);

} // namespace testdome_sync::sync
