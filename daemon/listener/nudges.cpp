#include "daemon/listener/nudges.hpp"

#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <map>

namespace testdome_sync::listener {
namespace asio = boost::asio;

struct nudges::implementation {
    struct target {
        explicit target(const asio::any_io_executor& loop) : timer(loop) {}
        asio::steady_timer timer;
        asio::steady_timer::time_point next{}; ///< no look before this
        bool is_due = false;
    };

    asio::any_io_executor loop;
    std::chrono::milliseconds between;
    std::function<void(const std::string&)> act;
    std::map<std::string, target> targets{}; ///< as many as there are webhooks
};

nudges::nudges(asio::any_io_executor loop, std::chrono::milliseconds between,
               std::function<void(const std::string&)> act)
    : implementation_(std::make_unique<implementation>(implementation{std::move(loop), between, std::move(act)}))
{
}

nudges::~nudges() = default;

void nudges::add(const std::string& whom)
{
    auto& self = *implementation_;
    auto& of = self.targets.try_emplace(whom, self.loop).first->second;
    if (of.is_due)
        return;
    of.is_due = true;
    of.timer.expires_at(std::max(of.next, asio::steady_timer::clock_type::now()));
    of.timer.async_wait([&self, &of, whom](const boost::system::error_code& error) {
        if (error) // destroyed
            return;
        of.is_due = false;
        of.next = asio::steady_timer::clock_type::now() + self.between;
        self.act(whom);
    });
}

} // namespace testdome_sync::listener
