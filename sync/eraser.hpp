#pragma once

#include "sync/clock.hpp"
#include "sync/ledger.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace testdome_sync::sync {

/// Assessments of this address (normalized) that are not over: not final, or something is still to be written back.
std::vector<assessment> open_business_of(ledger& ledger, const std::string& email);

/// Everything that this address (normalized) applied with: also what no rule has selected, and what the HR system has
/// under another address since.
std::vector<stored_application> applications_of_person(ledger& ledger, const std::string& email);

/// True of a stored document whose person has asked to be forgotten: what the HR system still has of it is not stored
/// again.
bool is_forgotten(const boost::json::object& document);

/// Leaves of an application's document what identifies nobody. The fingerprint stays: a record that is read again as it
/// was is not stored again.
void erase_document(stored_application& erased, bool is_forgotten = false);

/// True if there is something of the application, and all of it has ended.
bool has_ended(const std::vector<assessment>& all_of_it);

/// The same, and it was erased: what its record says now is not stored.
bool is_erased(const std::vector<assessment>& all_of_it);

/// How many applications are looked at in one unit of work: 10 ms of CPU at most, so that nobody has to wait.
constexpr std::size_t erased_at_once = 50;

/// How far a look for what is to be erased has come.
struct erasing_progress {
    bool looks_at_assessments = true; ///< first at them, then at applications of which there are none
    dated_application last{};
};

/// Takes what identifies people out of the ledger: names, addresses, the HR system's records, texts that were written
/// back; with them go write-backs that are done. In the place of the address stands its pseudonym, which still prevents
/// a second payment. Never touches what is not over.
class eraser {
public:
    eraser(ledger& ledger, random_source& random) : ledger_(ledger), random_(random) {}

    /// Also what their tests gave. Inside the caller's unit_of_work; nothing of the person may be open.
    /// @returns of which applications
    std::vector<application_key> forget_person(const std::string& email);

    /// Those of whom everything ended before `finished_before`; where no rule has selected them, those that have not
    /// changed since. Results and their links stay. Looks at no more than `limit` in a unit of work of its own,
    /// beginning where `progress` is.
    /// @returns false once there are no more
    bool erase_finished(wall_time finished_before, erasing_progress& progress, std::size_t limit);

    /// Of how many applications so far.
    int erased() const { return erased_; }

private:
    enum class extent { identity, everything };
    void erase(stored_application erased, std::vector<assessment> all_of_it, extent how_much);
    void erase(assessment& erased, extent how_much);

    ledger& ledger_;
    random_source& random_;
    int erased_ = 0;
};

} // namespace testdome_sync::sync
