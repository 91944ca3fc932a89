#pragma once

#include "sync/environment.hpp"

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

/// Takes what identifies people out of the ledger: names, addresses, the HR system's records, texts that were written
/// back. In the place of the address stands its pseudonym, which still prevents a second payment. Never touches what is
/// not over.
class eraser {
public:
    explicit eraser(environment& world) : world_(world) {}

    /// Also what their tests gave. Inside the caller's unit_of_work; nothing of the person may be open.
    /// @returns of which applications
    std::vector<application_key> forget_person(const std::string& email);

    /// Those of whom everything ended before `finished_before`; results and their links stay. At most `limit`
    /// applications after `after` (mapping and id) in a unit of work of its own.
    /// @returns the last one looked at; nothing once there are no more
    std::optional<application_key> erase_finished(wall_time finished_before, const application_key& after,
                                                  std::size_t limit);

    /// Of how many applications so far.
    int erased() const { return erased_; }

private:
    enum class extent { identity, everything };
    void erase(stored_application erased, extent how_much);
    void erase(assessment& erased, extent how_much);

    environment& world_;
    int erased_ = 0;
};

} // namespace testdome_sync::sync
