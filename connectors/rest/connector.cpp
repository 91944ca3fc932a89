#include "connectors/rest/connector.hpp"

#include "connectors/rest/caller.hpp"
#include "connectors/rest/lookups.hpp"
#include "connectors/rest/reader.hpp"
#include "connectors/rest/writer.hpp"

#include <map>

namespace testdome_sync::rest {
namespace asio = boost::asio;
namespace {

class rest_connector final : public sync::hr_connector {
public:
    rest_connector(description described, http::transport& network, sync::clock& clock, sync::random_source& random,
                   sync::event_sink& events, const connector_access& access)
        : described_(std::move(described)), hr_system_(described_, network, clock, random, events, access),
          lookups_(hr_system_, clock), reader_(hr_system_, lookups_, clock), writer_(hr_system_, lookups_, clock)
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

    std::size_t writes_at_once() const override { return writer_.at_once(); }

    std::chrono::seconds longest_write() const override { return writer_.longest_write(); }
    std::string common_access() const override { return budget_key_of(described_); }

    asio::awaitable<sync::result<std::vector<std::string>>> check() override
    {
        if (described_.check) {
            auto document = co_await lookups_.document();
            if (!document)
                co_return document.error();
            auto order = rendered(*described_.check, described_, *document);
            if (!order)
                co_return order.error();
            auto answer = co_await hr_system_.call(std::move(*order), http::effect::reads);
            if (!answer)
                co_return answer.error();
        }
        co_return co_await unknown_names();
    }

private:
    const known_names* known_for(const used_name& used) const
    {
        if (used.action.empty())
            return described_.stage_names ? &*described_.stage_names : nullptr;
        const auto action = described_.actions.find(used.action);
        return action != described_.actions.end() && action->second.known ? &*action->second.known : nullptr;
    }

    asio::awaitable<sync::result<std::vector<std::string>>> unknown_names()
    {
        std::vector<std::string> findings;
        std::map<const known_names*, std::vector<std::string>> asked;
        for (const auto& used : described_.used_names) {
            const auto* known = known_for(used);
            if (!known)
                continue;
            if (!asked.contains(known)) {
                auto names = co_await writer_.names_of(*known);
                if (!names)
                    co_return names.error();
                asked[known] = std::move(*names);
            }
            if (auto finding = finding_about(used, asked[known], "the HR system"))
                findings.push_back(std::move(*finding));
        }
        co_return findings;
    }

    description described_;
    caller hr_system_;
    lookup_reader lookups_;
    application_reader reader_;
    action_writer writer_;
};

} // namespace

std::unique_ptr<sync::hr_connector> create_connector(description described, http::transport& network,
                                                     sync::clock& clock, sync::random_source& random,
                                                     sync::event_sink& events, const connector_access& access)
{
    return std::make_unique<rest_connector>(std::move(described), network, clock, random, events, access);
}

} // namespace testdome_sync::rest
