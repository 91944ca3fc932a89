#pragma once

#include "sync/application.hpp"
#include "sync/ledger.hpp"
#include "sync/relational/statements.hpp"

namespace testdome_sync::sync::relational {

/// A ledger in tables, in SQL that both databases understand. Each group of calls has a file of its own; what is left
/// to those who know one of the databases is its schema, its units of work, and who may write.
class sql_ledger : public ledger {
public:
    mapping_record find_mapping(const std::string& name) override;
    void save(const mapping_record& record) override;

    std::optional<stored_application> find_application(const std::string& mapping, const std::string& id) override;
    void save(const stored_application& application) override;
    std::string find_fingerprint(const std::string& mapping, const std::string& id) override;
    std::vector<stored_application> find_applications(const std::string& id_or_email) override;
    std::vector<dated_application> applications_unchanged_since(wall_time time, const dated_application& after,
                                                                std::size_t limit) override;
    void close_up(std::vector<application_key> shrunken) override;

    std::vector<assessment> assessments(const assessment_filter& filter) override;
    std::optional<assessment> find_assessment(std::int64_t id) override;
    std::vector<followed_assessment> followed_assessments(const std::set<std::string>& mappings) override;
    std::set<std::string> held_applications(const std::string& mapping, const std::vector<hold_cause>& causes) override;
    void save(assessment& changed, std::string_view cause, std::string_view correlation_id) override;
    std::vector<transition> transitions(std::int64_t assessment_id) override;
    std::vector<dated_application> assessments_over_since(wall_time time, const dated_application& after,
                                                          std::size_t limit) override;
    int invitations_since(wall_time time) override;
    std::map<assessment_state, std::int64_t> count_assessments() override;
    std::int64_t count_assessments(assessment_state in) override;
    ledger_statistics statistics(wall_time since) override;

    void add(write_back& added) override;
    void save(const write_back& changed) override;
    std::vector<write_back> due_write_backs(wall_time now, const std::string& mapping, std::size_t limit) override;
    std::optional<wall_time> next_write_back(const std::string& mapping) override;
    std::vector<write_back> write_backs_put_off(wall_time time, const std::string& mapping, std::size_t limit) override;
    std::vector<write_back> write_backs_of(std::int64_t assessment_id) override;
    std::optional<write_back> find_write_back(std::int64_t id) override;
    void save_argument(const write_back& changed) override;
    void drop_settled_write_backs(std::int64_t assessment_id) override;
    void doubt_write_backs() override;
    std::map<write_back_state, std::int64_t> count_write_backs() override;
    std::int64_t count_write_backs(write_back_state in) override;

    void add(const decision_record& made) override;
    std::vector<decision_record> decisions_of(std::int64_t assessment_id) override;
    std::vector<wanted_extension> wanted_extensions() override;
    void save(const wanted_extension& wanted) override;
    void drop_extension(std::int64_t assessment_id) override;

    bool has_open_business(const std::string& mapping, const std::string& application_id) override;

    boost::json::value find_fact(const std::string& name) override;
    void save_fact(const std::string& name, const boost::json::value& value) override;

    std::optional<stored_token> find_token(const std::string& name) override;
    void save_token(const std::string& name, const stored_token& token) override;

protected:
    /// Inside the first unit of work of who writes: afterwards few rows are not in the table `counts`.
    void begin_counting();

    explicit sql_ledger(std::unique_ptr<database> sql) : sql_(std::move(sql)) {}

    /// In a handler: throws what is handled again, as a ledger_error with what to do where it is about the database or
    /// a value in it.
    [[noreturn]] virtual void rethrow_explained() const = 0;

    template <class Work>
    decltype(auto) guard(Work&& work)
    {
        try {
            return std::forward<Work>(work)();
        } catch (...) {
            rethrow_explained();
            throw; // for the compiler
        }
    }

private:
    template <class... Values>
    std::vector<stored_application> read_applications(const std::string& condition, const Values&... values);
    template <class... Values>
    std::vector<assessment> read_assessments(const std::string& condition, const Values&... values);
    template <class... Values>
    std::vector<write_back> read_write_backs(const std::string& condition, const Values&... values);

    void count_row(); ///< for each new row of `transitions` and `write_backs`
    void keep_counts();

    std::unique_ptr<database> sql_;
    long long rows_not_counted_ = 0;

protected:
    statements statements_{*sql_};
};

} // namespace testdome_sync::sync::relational
