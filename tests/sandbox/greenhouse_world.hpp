#pragma once

#include "tests/sandbox/wire.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace testdome_sync::sandbox {

/// Greenhouse's Harvest API v3 with its own books, written from the API's facts and from nothing of the product. Every
/// request that the documentation doesn't allow is noted as a violation.
class greenhouse_world {
public:
    explicit greenhouse_world(time_source now) : now_(std::move(now)) {}

    http::response answer(const http::request& request, const std::string& prefix);

    // The scenario.
    long long add_job(std::string name, const std::vector<std::string>& stages);
    struct person {
        std::string first_name;
        std::string last_name;
        std::string email; ///< empty: none
    };
    long long add_application(const person& who, long long job, const std::string& stage);
    void set_prospect(long long application);
    void set_rejected(long long application);
    void set_email(long long application,
                   const std::string& email); ///< of the candidate: the application stays as it is
    void set_first_name(long long application, const std::string& name); ///< likewise
    void touch(long long application); ///< somebody edits something that doesn't matter
    /// The application's candidate ceases to exist, and the application is `primary`'s from now on.
    void merge_candidate(long long application, long long primary);
    void remove_application(long long application);
    void rename_stage(long long job, const std::string& from, const std::string& to);
    void revoke_tokens() { tokens_.clear(); }

    // What happened.
    std::vector<std::string> notes_of(long long application) const;
    std::map<long long, int> note_counts() const; ///< by application; none where there is no note
    std::string stage_of(long long application) const;
    std::string status_of(long long application) const;
    boost::json::value field_of(long long application,
                                const std::string& key) const; ///< of the candidate; null if unset
    std::string email_of(long long application) const;
    wall_time created_at(long long application) const;
    std::vector<long long> applications() const;
    const std::vector<std::string>& violations() const { return violations_; }

    bool partial_fields_drop_others = true; ///< UNVERIFIED in the facts: so the stricter way
    std::chrono::seconds token_life{3600};
    std::size_t largest_page = 500;                            ///< of applications, whatever `per_page` asks for
    std::string base_url = "https://harvest.greenhouse.io/v3"; ///< for Link headers

private:
    using rows = std::vector<std::string>; ///< as JSON
    struct rest_of_list {
        std::shared_ptr<const rows> all; ///< of all its pages
        std::size_t begin;
        std::size_t size;
        std::string resource;
    };
    struct candidate {
        long long id;
        person who;
        boost::json::object fields;
        bool merged = false; ///< into another one; its id is gone
    };
    struct application {
        long long id;
        std::size_t candidate;
        long long job;
        std::size_t stage; ///< in the job's stages
        long long stage_row;
        std::string status = "in_process";
        bool prospect = false;
        wall_time created_at;
        wall_time updated_at;
        bool removed = false;
    };
    struct stage {
        long long id;
        std::string name;
    };
    struct job {
        long long id;
        std::string name;
        std::vector<stage> stages;
    };
    struct note {
        long long id;
        long long application;
        long long candidate;
        std::string body;
    };

    http::response sign_in(const incoming& order);
    http::response get(const incoming& order, const std::string& resource);
    http::response post(const incoming& order, const std::vector<std::string>& path);
    http::response patch_candidate(const incoming& order, const std::string& id);
    http::response move(const incoming& order, application& which);
    http::response reject(const incoming& order, application& which);
    http::response add_note(const incoming& order);
    rows applications_rows(const incoming& order);
    rows candidates_rows(const incoming& order) const;
    rows jobs_rows(const incoming& order) const;
    rows stages_rows(const incoming& order) const;
    rows application_stages_rows(const incoming& order) const;
    rows notes_rows(const incoming& order) const;
    http::response page(const incoming& order, const std::string& resource, rows found);
    http::response page_at(const std::string& cursor);
    http::response page_of(rest_of_list rest);
    http::response violation(const std::string& what, int status = 422);
    const job& job_of(const application& of) const;
    /// Rows are in the order of their ids, which grow.
    template <class Rows>
    static auto with_id(Rows& all, long long id) -> decltype(&all[0])
    {
        const auto found = std::ranges::lower_bound(all, id, {}, [](const auto& one) { return one.id; });
        return found != all.end() && found->id == id ? &*found : nullptr;
    }
    application* find(long long id);
    application* find_existing(long long id); ///< not a removed one
    const application* find(long long id) const;

    time_source now_;
    std::vector<candidate> candidates_;
    std::vector<application> applications_;
    std::vector<job> jobs_;
    std::vector<note> notes_;
    std::map<std::string, wall_time> tokens_;
    long tokens_given_ = 0;
    std::map<std::string, rest_of_list> cursors_;
    std::vector<std::string> violations_;
    long long next_id_ = 1000;
};

} // namespace testdome_sync::sandbox
