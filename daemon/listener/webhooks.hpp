#pragma once

#include "daemon/listener/allowance.hpp"
#include "daemon/listener/exchange.hpp"
#include "daemon/listener/nudges.hpp"
#include "daemon/listener/subject.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace testdome_sync::listener {

/// How many webhooks there were; the counts begin with the program.
struct webhook_counts {
    std::int64_t accepted = 0;
    std::int64_t refused = 0; ///< without the right secret or signature
    std::int64_t limited = 0; ///< too many
};

/// Answers `POST /webhooks/testdome/SECRET`, `POST /webhooks/MAPPING/SECRET` and, where the HR system signs, `POST
/// /webhooks/MAPPING`. A webhook is a nudge: who may send one makes us look now, and what it says is not read, as it
/// may be late, twice or made up. One thread.
class webhooks {
public:
    struct limits {
        int at_once = 20;                      ///< of one hook
        std::chrono::milliseconds every{1000}; ///< and then one each
        int wrong_at_once = 20;                ///< of all callers together that don't know the secret
    };

    /// All outlive it.
    webhooks(subject& about, sync::clock& clock, nudges& passed_on, const limits& within);
    webhooks(subject& about, sync::clock& clock, nudges& passed_on);

    /// `rest`: what follows `/webhooks/` in the path. 202: somebody looks soon; nothing was done yet.
    http::response answer(const question& asked, std::string_view rest);

    const webhook_counts& counts() const { return counts_; }

    /// Whom a nudge for TestDome is for; no mapping with a webhook has this name.
    static constexpr std::string_view testdome = "testdome";

private:
    const config::webhook_settings* find(const std::string& name) const;
    http::response refuse(int status, std::string_view words);
    http::response too_many();

    subject& about_;
    sync::clock& clock_;
    nudges& passed_on_;
    limits limits_;
    std::map<std::string, allowance> allowances_; ///< of hooks that were configured when they were called
    allowance wrong_;
    webhook_counts counts_;
};

} // namespace testdome_sync::listener
