#pragma once

#include "tests/storm/chronicle.hpp"
#include "tests/storm/installation.hpp"
#include "tests/support/dice.hpp"
#include "tests/support/simulated_network.hpp"
#include "tests/support/virtual_time.hpp"

#include <chrono>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace testdome_sync::testing {

/// One application, and what the world did to it.
struct applicant {
    std::string name;               ///< the last name, found nowhere else
    long long application = 0;      ///< 0 until it appears
    std::set<std::string> emails{}; ///< that it ever had, as TestDome would be told them
    bool before_start = false;      ///< applied before the program's first start
    bool selected = true;           ///< by the mapping's rule, if nothing else happens to it
    bool in_crowd = false;          ///< appeared at once with more people than a poll may invite
    bool hidden = false;            ///< TestDome never lists this person
    bool disturbed = false;         ///< closed, removed, or given another address: other ends are right as well
    bool removed = false;
    bool merged = false; ///< shares its candidate, and so its fields, with another application
};

/// Who applies, how people take tests, and what recruiters do meanwhile in both systems.
class people {
public:
    people(dice chances, const installation& setup, sandbox::testdome_world& testdome,
           sandbox::greenhouse_world& greenhouse, virtual_clock& clock, chronicle& events);

    void apply_before_start();
    /// Plans what happens between now and then.
    void plan(std::chrono::seconds until);
    /// Somebody may take the program's tokens away just now.
    void invitation_leaves();

    const std::vector<applicant>& all() const { return all_; }
    static constexpr long long test = 1001;
    /// No log line may hold any of these.
    static const std::vector<std::string>& secrets();

    std::function<void()> nudge; ///< TestDome's webhook: comes late, twice, or not at all

private:
    void apply(std::size_t who);
    void add(applicant made);
    void plan_fate(std::size_t who, std::chrono::seconds until);
    void plan_later(std::chrono::seconds least, std::chrono::seconds most, std::function<void()> what);
    void plan_recruiters(std::chrono::seconds until);
    void plan_webhooks(std::chrono::seconds until);
    void revoke_tokens();
    std::string new_email();

    dice dice_;
    const installation& setup_;
    sandbox::testdome_world& testdome_;
    sandbox::greenhouse_world& greenhouse_;
    virtual_clock& clock_;
    chronicle& events_;
    long long job_ = 0;
    std::string stage_ = "Online Test"; ///< as it is called now
    int names_ = 0;
    std::vector<applicant> all_;
};

} // namespace testdome_sync::testing
