#include "connectors/rest/connector.hpp"

#include "connectors/rest/caller.hpp"
#include "connectors/rest/reader.hpp"
#include "connectors/rest/writer.hpp"

namespace testdome_sync::rest {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

class rest_connector final : public sync::hr_connector {
public:
    rest_connector(description described, http::transport& network, sync::clock& clock, sync::random_source& random,
                   sync::event_sink& events)
        : described_(std::move(described)), hr_system_(described_, network, clock, random, events),
          reader_(hr_system_, clock), writer_(hr_system_, clock)
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

    asio::awaitable<sync::result<std::vector<std::string>>> check() override
    {
        if (!described_.check)
            co_return std::vector<std::string>{};
        const json::value document{{"credentials", described_.credentials}};
        auto order = rendered(*described_.check, described_, document);
        if (!order)
            co_return order.error();
        auto answer = co_await hr_system_.call(std::move(*order), http::effect::reads);
        if (!answer)
            co_return answer.error();
        co_return std::vector<std::string>{};
    }

private:
    description described_;
    caller hr_system_;
    application_reader reader_;
    action_writer writer_;
};

} // namespace

std::unique_ptr<sync::hr_connector> create_connector(description described, http::transport& network,
                                                     sync::clock& clock, sync::random_source& random,
                                                     sync::event_sink& events)
{
    return std::make_unique<rest_connector>(std::move(described), network, clock, random, events);
}

} // namespace testdome_sync::rest
