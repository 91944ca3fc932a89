#include "connectors/sql/connector.hpp"

#include "connectors/sql/checker.hpp"
#include "connectors/sql/reader.hpp"
#include "connectors/sql/writer.hpp"

namespace testdome_sync::sql {
namespace asio = boost::asio;
namespace {

class sql_connector final : public sync::hr_connector {
public:
    sql_connector(description described, connectors::surroundings& around)
        : described_(std::move(described)),
          database_(described_.database, around.event_loop(), around.new_worker(), around.clock()),
          reader_(described_, database_, around.clock()), writer_(described_, database_, around.clock()),
          checker_(described_, database_, reader_, around.clock())
    {
    }

    asio::awaitable<sync::result<sync::poll_answer>> poll(sync::poll_request request) override
    {
        return reader_.read(std::move(request));
    }

    asio::awaitable<sync::result<sync::write_outcome>> write(sync::write_order order) override
    {
        return writer_.write(std::move(order));
    }

    sync::repeatability repeats(const std::string& action) const override { return writer_.repeats(action); }

    std::chrono::seconds longest_write() const override { return writer_.longest_write(); }

    asio::awaitable<sync::result<std::vector<std::string>>> check() override
    {
        return checker_.check(writer_.changed_tables());
    }

private:
    const description described_;
    database database_;
    application_reader reader_;
    action_writer writer_;
    checker checker_;
};

} // namespace

std::unique_ptr<sync::hr_connector> create_connector(description described, connectors::surroundings& around)
{
    return std::make_unique<sql_connector>(std::move(described), around);
}

} // namespace testdome_sync::sql
