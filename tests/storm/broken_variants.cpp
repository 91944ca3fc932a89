#include "tests/storm/broken_variants.hpp"

#include "tests/support/forwarding_ledger.hpp"

namespace testdome_sync::testing {
namespace asio = boost::asio;
namespace {

class forwarding_platform : public sync::test_platform {
public:
    explicit forwarding_platform(std::unique_ptr<sync::test_platform> real) : real_(std::move(real)) {}

    asio::awaitable<sync::result<std::vector<sync::test>>> tests() override { return real_->tests(); }
    asio::awaitable<sync::result<sync::invitation_answer>> invite(sync::invitation_batch order) override
    {
        return real_->invite(std::move(order));
    }
    std::size_t batch_size() const override { return real_->batch_size(); }
    asio::awaitable<sync::result<std::vector<sync::candidate>>> find(std::int64_t test,
                                                                     std::vector<std::string> emails) override
    {
        return real_->find(test, std::move(emails));
    }
    asio::awaitable<sync::result<std::vector<sync::candidate>>> unfinished(std::vector<std::int64_t> tests) override
    {
        return real_->unfinished(std::move(tests));
    }
    asio::awaitable<sync::result<std::vector<sync::candidate>>> candidates(std::vector<std::int64_t> tests,
                                                                           std::vector<std::int64_t> ids) override
    {
        return real_->candidates(std::move(tests), std::move(ids));
    }
    asio::awaitable<sync::result<void>> cancel(std::int64_t candidate) override { return real_->cancel(candidate); }
    asio::awaitable<sync::result<void>> extend(std::int64_t test, std::vector<std::int64_t> candidates,
                                               sync::wall_time deadline) override
    {
        return real_->extend(test, std::move(candidates), deadline);
    }
    asio::awaitable<sync::result<std::string>> sharing_url(std::int64_t candidate) override
    {
        return real_->sharing_url(candidate);
    }
    bool holds_back() const override { return real_->holds_back(); }
    asio::awaitable<sync::result<void>> check() override { return real_->check(); }

private:
    std::unique_ptr<sync::test_platform> real_;
};

class forwarding_connector : public sync::hr_connector {
public:
    explicit forwarding_connector(std::unique_ptr<sync::hr_connector> real) : real_(std::move(real)) {}

    asio::awaitable<sync::result<sync::poll_answer>> poll(sync::poll_request request) override
    {
        return real_->poll(std::move(request));
    }
    asio::awaitable<sync::result<sync::write_outcome>> write(sync::write_order order) override
    {
        return real_->write(std::move(order));
    }
    sync::repeatability repeats(const std::string& action) const override { return real_->repeats(action); }
    std::size_t writes_at_once() const override { return real_->writes_at_once(); }
    asio::awaitable<sync::result<std::vector<std::string>>> check() override { return real_->check(); }

private:
    std::unique_ptr<sync::hr_connector> real_;
};

struct sends_before_commit : forwarding_ledger {
    using forwarding_ledger::forwarding_ledger;
    using forwarding_ledger::save;
    void save(sync::assessment& changed, std::string_view cause, std::string_view correlation) override
    {
        if (changed.state != sync::assessment_state::inviting)
            forwarding_ledger::save(changed, cause, correlation);
    }
};

struct saves_cursor_early : forwarding_ledger {
    using forwarding_ledger::forwarding_ledger;
    using forwarding_ledger::save;
    void save(const sync::mapping_record& record) override
    {
        auto early = record;
        early.read_until = record.last_poll;
        forwarding_ledger::save(early);
    }
};

struct forgets_day_limit : forwarding_ledger {
    using forwarding_ledger::forwarding_ledger;
    int invitations_since(sync::wall_time) override { return 0; }
};

struct loses_write_backs : forwarding_ledger {
    using forwarding_ledger::forwarding_ledger;
    void add(sync::write_back& added) override
    {
        if (added.assessment_id % 7 != 0)
            forwarding_ledger::add(added);
    }
};

struct retries_unknown_outcome : forwarding_platform {
    using forwarding_platform::forwarding_platform;
    asio::awaitable<sync::result<sync::invitation_answer>> invite(sync::invitation_batch order) override
    {
        auto answer = co_await forwarding_platform::invite(std::move(order));
        if (!answer && answer.error().code == sync::errc::outcome_unknown)
            co_return sync::failure{sync::errc::not_sent, answer.error().detail};
        co_return answer;
    }
};

struct invites_without_asking : forwarding_platform {
    using forwarding_platform::forwarding_platform;
    asio::awaitable<sync::result<std::vector<sync::candidate>>> find(std::int64_t, std::vector<std::string>) override
    {
        co_return std::vector<sync::candidate>{};
    }
};

struct repeats_notes_blindly : forwarding_connector {
    using forwarding_connector::forwarding_connector;
    asio::awaitable<sync::result<sync::write_outcome>> write(sync::write_order order) override
    {
        order.ask_first = false;
        return forwarding_connector::write(std::move(order));
    }
};

struct reads_half_a_list : forwarding_connector {
    using forwarding_connector::forwarding_connector;
    asio::awaitable<sync::result<sync::poll_answer>> poll(sync::poll_request request) override
    {
        auto answer = co_await forwarding_connector::poll(std::move(request));
        if (answer && answer->applications.size() > 4)
            for (auto half = answer->applications.size() / 2; answer->applications.size() > half;)
                answer->applications.erase(answer->applications.size() - 1);
        co_return answer;
    }
};

/// Puts a `Mistake` in front of the real part.
template <class Mistake, class Part>
std::function<std::unique_ptr<Part>(std::unique_ptr<Part>)> make()
{
    return [](std::unique_ptr<Part> real) { return std::make_unique<Mistake>(std::move(real)); };
}

} // namespace

const std::vector<broken_variant>& broken_variants()
{
    using sync::hr_connector;
    using sync::ledger;
    using sync::test_platform;
    static const std::vector<broken_variant> all{
        {.name = "sends-before-commit", .before_ledger = make<sends_before_commit, ledger>()},
        {.name = "retries-unknown-outcome", .before_platform = make<retries_unknown_outcome, test_platform>()},
        {.name = "invites-without-asking", .before_platform = make<invites_without_asking, test_platform>()},
        {.name = "ignores-settle-window",
         .before_start = [](config::settings& settings) { settings.testdome.settle = std::chrono::seconds{0}; }},
        {.name = "saves-cursor-early", .before_ledger = make<saves_cursor_early, ledger>()},
        {.name = "reads-half-a-list", .before_connector = make<reads_half_a_list, hr_connector>()},
        {.name = "repeats-notes-blindly", .before_connector = make<repeats_notes_blindly, hr_connector>()},
        {.name = "loses-write-backs", .before_ledger = make<loses_write_backs, ledger>()},
        {.name = "forgets-day-limit", .before_ledger = make<forgets_day_limit, ledger>()},
        {.name = "trusts-a-lying-disk", .disk_lies = true},
    };
    return all;
}

} // namespace testdome_sync::testing
