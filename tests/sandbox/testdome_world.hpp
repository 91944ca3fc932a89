#pragma once

#include "tests/sandbox/wire.hpp"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace testdome_sync::sandbox {

/// What a made-up person does with an invitation.
enum class behavior {
    passes,
    fails,
    never_takes,   ///< lets the deadline pass
    is_refused,    ///< TestDome does not take the address
    needs_scoring, ///< finishes with answers that wait for a person, who then lets them pass
    waits,         ///< does nothing at all
    abandons,      ///< starts, and lets the deadline pass
    breaks_batch,  ///< TestDome refuses the whole request that this address is in
};

/// How fast people are: times after the invitation.
struct pace {
    std::chrono::milliseconds starts{1500};
    std::chrono::milliseconds finishes{3000};
    std::chrono::milliseconds scored{5000};
    std::chrono::milliseconds gives_up{4000}; ///< `never_takes`: didNotTake comes this soon, or at the deadline
    bool at_deadline = false;                 ///< `never_takes` waits for the real deadline
};

/// TestDome API v3 with its own books, written from the API's facts and from nothing of the product. Every request that
/// the documentation doesn't allow is noted as a violation.
class testdome_world {
public:
    testdome_world(time_source now, pace people) : now_(std::move(now)), pace_(people) {}

    http::response answer(const http::request& request, const std::string& prefix);

    // The scenario.
    void add_test(long long id, std::string name, int cutoff_score = 60);
    void set_behavior(const std::string& email, behavior what, int score = 0);
    /// As a recruiter does it in TestDome's own pages; it is paid for, but not by the product.
    void invite_by_hand(long long test_id, const std::string& email,
                        std::chrono::hours valid = std::chrono::hours{24 * 7});
    void set_pace(const std::string& email, pace how_fast);
    void set_archived(long long test_id, bool archived);
    /// A person at TestDome changes the score of whoever has finished.
    void revise(const std::string& email, int score);
    /// A person at TestDome withdraws what is not started.
    void cancel_by_hand(const std::string& email);
    void hide(const std::string& email) { hidden_.insert(email); } ///< from all lists, for ever
    void revoke_tokens() { tokens_.clear(); }

    // What happened.
    struct payment {
        long long test;
        std::string email;
        wall_time at;
    };
    struct candidate {
        long long id;
        long long test_id;
        std::string email;
        std::string status;
        wall_time invited_at;
        wall_time deadline;
        wall_time changed_at;
        int score = 0;
        bool needs_scoring = false;
        std::optional<wall_time> revised_at{};
        bool by_hand = false;
        wall_time made_at{}; ///< `invited_at` may have been set back
    };
    const std::vector<payment>& payments() const { return payments_; } ///< by the product, in order
    /// As they stand now.
    const std::vector<candidate>& candidates()
    {
        let_time_pass();
        return candidates_;
    }
    int paid(const std::string& email) const; ///< invitations that the product paid for
    int paid_in_all() const;
    long invite_requests() const { return invite_requests_; }
    long requests() const { return requests_; }
    const std::vector<std::string>& violations() const { return violations_; }

    std::chrono::milliseconds listing_lag{0}; ///< an invited person appears in lists this much later
    std::chrono::seconds token_life{1800};
    long long largest_page = 100; ///< whatever `$top` asks for

private:
    struct test {
        long long id;
        std::string name;
        int cutoff_score;
        bool archived;
    };

    http::response sign_in(const incoming& order);
    http::response tests_answer(const incoming& order);
    http::response test_answer(const incoming& order, const std::vector<std::string>& path);
    http::response candidates_answer(const incoming& order, const std::vector<std::string>& path);
    http::response invite(const incoming& order, const test& of);
    http::response extend(const incoming& order, const test& of);
    /// One page of `count` rows, of which only those that are on it are made.
    http::response page(const incoming& order, std::size_t count, const std::function<std::string(std::size_t)>& row);
    http::response candidates_page(const incoming& order, std::optional<long long> test_id);
    std::string row(const candidate& of, const std::vector<std::string>& expand);
    std::string written_row(const candidate& of, const std::vector<std::string>& expand) const;
    http::response violation(const std::string& what, int status = 400);
    void let_time_pass();
    void let_time_pass_for(candidate& one, wall_time now) const;
    /// When something may happen to this candidate next; nothing if it is over.
    std::optional<wall_time> next_change_of(const candidate& one) const;
    std::pair<behavior, int> behavior_of(const candidate& one) const;
    const pace& pace_of(const candidate& one) const;
    void schedule(std::size_t which);
    void schedule_all();
    candidate* find_candidate(long long id);
    void add_candidate(long long test_id, const std::string& email, wall_time deadline);
    const test* find_test(const std::string& id) const;

    time_source now_;
    pace pace_;
    std::vector<test> tests_;
    std::vector<candidate> candidates_; ///< in the order of their ids
    /// When to look at whom: at many candidates, most requests come while nothing happens to any of them. Whoever's
    /// time comes later than it stands here is looked at once for nothing.
    std::set<std::pair<wall_time, std::size_t>> changes_;
    std::map<std::string, std::pair<behavior, int>> behaviors_;
    std::map<std::string, pace> paces_;
    std::set<std::string> hidden_;
    /// Whoever is through changes no more, and is listed again and again: by candidate and what was asked for.
    std::map<std::pair<long long, std::vector<std::string>>, std::string> rows_;
    std::vector<payment> payments_;
    std::map<std::string, wall_time> tokens_; ///< and when they end
    long tokens_given_ = 0;
    std::vector<std::string> violations_;
    long invite_requests_ = 0;
    long requests_ = 0;
};

} // namespace testdome_sync::sandbox
