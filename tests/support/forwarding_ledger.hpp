#pragma once

#include "sync/ledger.hpp"

#include <memory>

namespace testdome_sync::testing {

/// Hands every call on to the ledger behind it: for what watches, disturbs or falsifies one of them.
class forwarding_ledger : public sync::ledger {
public:
    explicit forwarding_ledger(std::unique_ptr<sync::ledger> real) : real_(std::move(real)) {}

    sync::mapping_record find_mapping(const std::string& name) override { return real_->find_mapping(name); }
    void save(const sync::mapping_record& record) override { real_->save(record); }
    std::optional<sync::stored_application> find_application(const std::string& mapping, const std::string& id) override
    {
        return real_->find_application(mapping, id);
    }
    void save(const sync::stored_application& application) override { real_->save(application); }
    std::string find_fingerprint(const std::string& mapping, const std::string& id) override
    {
        return real_->find_fingerprint(mapping, id);
    }
    std::vector<sync::stored_application> find_applications(const std::string& key) override
    {
        return real_->find_applications(key);
    }
    std::vector<sync::dated_application>
    applications_unchanged_since(sync::wall_time time, const sync::dated_application& after, std::size_t limit) override
    {
        return real_->applications_unchanged_since(time, after, limit);
    }
    void close_up(std::vector<sync::application_key> shrunken) override { real_->close_up(std::move(shrunken)); }
    std::vector<sync::assessment> assessments(const sync::assessment_filter& filter) override
    {
        return real_->assessments(filter);
    }
    std::optional<sync::assessment> find_assessment(std::int64_t id) override { return real_->find_assessment(id); }
    std::vector<sync::followed_assessment> followed_assessments(const std::set<std::string>& mappings) override
    {
        return real_->followed_assessments(mappings);
    }
    std::set<std::string> held_applications(const std::string& mapping,
                                            const std::vector<sync::hold_cause>& causes) override
    {
        return real_->held_applications(mapping, causes);
    }
    void save(sync::assessment& changed, std::string_view cause, std::string_view correlation) override
    {
        real_->save(changed, cause, correlation);
    }
    std::vector<sync::transition> transitions(std::int64_t id) override { return real_->transitions(id); }
    std::vector<sync::dated_application>
    assessments_over_since(sync::wall_time time, const sync::dated_application& after, std::size_t limit) override
    {
        return real_->assessments_over_since(time, after, limit);
    }
    int invitations_since(sync::wall_time time) override { return real_->invitations_since(time); }
    std::map<sync::assessment_state, std::int64_t> count_assessments() override { return real_->count_assessments(); }
    std::int64_t count_assessments(sync::assessment_state in) override { return real_->count_assessments(in); }
    sync::ledger_statistics statistics(sync::wall_time since) override { return real_->statistics(since); }
    void add(sync::write_back& added) override { real_->add(added); }
    void save(const sync::write_back& changed) override { real_->save(changed); }
    std::vector<sync::write_back> due_write_backs(sync::wall_time now, const std::string& mapping,
                                                  std::size_t limit) override
    {
        return real_->due_write_backs(now, mapping, limit);
    }
    std::optional<sync::wall_time> next_write_back(const std::string& mapping) override
    {
        return real_->next_write_back(mapping);
    }
    std::vector<sync::write_back> write_backs_put_off(sync::wall_time time, const std::string& mapping,
                                                      std::size_t limit) override
    {
        return real_->write_backs_put_off(time, mapping, limit);
    }
    std::vector<sync::write_back> write_backs_of(std::int64_t id) override { return real_->write_backs_of(id); }
    std::optional<sync::write_back> find_write_back(std::int64_t id) override { return real_->find_write_back(id); }
    void save_argument(const sync::write_back& changed) override { real_->save_argument(changed); }
    void drop_settled_write_backs(std::int64_t id) override { real_->drop_settled_write_backs(id); }
    void doubt_write_backs() override { real_->doubt_write_backs(); }
    void add(const sync::decision_record& made) override { real_->add(made); }
    std::vector<sync::decision_record> decisions_of(std::int64_t id) override { return real_->decisions_of(id); }
    std::vector<sync::wanted_extension> wanted_extensions() override { return real_->wanted_extensions(); }
    void save(const sync::wanted_extension& wanted) override { real_->save(wanted); }
    void drop_extension(std::int64_t id) override { real_->drop_extension(id); }
    std::map<sync::write_back_state, std::int64_t> count_write_backs() override { return real_->count_write_backs(); }
    std::int64_t count_write_backs(sync::write_back_state in) override { return real_->count_write_backs(in); }
    bool has_open_business(const std::string& mapping, const std::string& application) override
    {
        return real_->has_open_business(mapping, application);
    }
    boost::json::value find_fact(const std::string& name) override { return real_->find_fact(name); }
    void save_fact(const std::string& name, const boost::json::value& value) override { real_->save_fact(name, value); }

    void require_ownership() override { real_->require_ownership(); }
    sync::shared_ledger* shared() override { return real_->shared(); }

    bool is_durable() const override { return real_->is_durable(); }
    std::optional<sync::stored_token> find_token(const std::string& name) override { return real_->find_token(name); }
    void save_token(const std::string& name, const sync::stored_token& token) override
    {
        real_->save_token(name, token);
    }

    void begin() override { real_->begin(); }
    void commit() override { real_->commit(); }
    void rollback() noexcept override { real_->rollback(); }

private:
    std::unique_ptr<sync::ledger> real_;
};

} // namespace testdome_sync::testing
