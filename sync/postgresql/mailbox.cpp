#include "sync/postgresql/clock.hpp"
#include "sync/postgresql/session.hpp"
#include "sync/relational/statements.hpp"
#include "sync/shared_ledger.hpp"

namespace testdome_sync::sync {
namespace postgresql {
namespace {

class mailbox final : public machine_mailbox {
public:
    explicit mailbox(const config::ledger_settings& settings)
        : settings_(settings), sql_(connect(settings, ledger_access::read))
    {
        sql_->run("SET default_transaction_read_only = off");
    }

    void send(const std::string& text) override
    {
        explained([&] {
            id_ = relational::statements(*sql_).one<long long>(
                "INSERT INTO requests(asked_at_milliseconds, request) VALUES(" + now_milliseconds() +
                    ", :request) RETURNING id",
                text);
        });
    }

    std::optional<std::string> answer() override
    {
        std::optional<std::string> found;
        explained([&] {
            relational::statements(*sql_).each<std::string>(
                "DELETE FROM requests WHERE id = :id AND answer <> '' RETURNING answer",
                [&](std::string& text) { found = std::move(text); }, id_);
        });
        return found;
    }

    bool withdraw() override
    {
        long rows = 0;
        explained([&] {
            rows = relational::statements(*sql_).each<long long>(
                "DELETE FROM requests WHERE id = :id AND taken = 0 RETURNING id", [](long long&) {}, id_);
        });
        return rows == 1;
    }

private:
    template <class Work>
    void explained(Work work)
    {
        try {
            work();
        } catch (...) {
            rethrow_explained(settings_);
        }
    }

    config::ledger_settings settings_;
    std::unique_ptr<connection> sql_;
    long long id_ = 0;
};

} // namespace
} // namespace postgresql

std::unique_ptr<machine_mailbox> open_mailbox(const config::ledger_settings& settings)
{
    try {
        return std::make_unique<postgresql::mailbox>(settings);
    } catch (...) {
        postgresql::rethrow_explained(settings);
    }
}

} // namespace testdome_sync::sync
