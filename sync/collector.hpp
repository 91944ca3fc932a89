#pragma once

#include "sync/bookkeeper.hpp"
#include "sync/environment.hpp"
#include "sync/failure.hpp"
#include "sync/selector.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace testdome_sync::sync {

/// Follows invited candidates to their end. TestDome is asked for what is unfinished; a followed candidate who is not
/// there has finished (or was hidden between two pages) and is asked for by id.
class collector {
public:
    collector(environment& world, bookkeeper& books, selector& selector)
        : world_(world), books_(books), selector_(selector)
    {
    }

    /// One look at everything that is followed.
    boost::asio::awaitable<result<void>> collect();

private:
    /// What TestDome tells of an assessment that may be news.
    struct finding {
        followed_assessment before;
        const candidate* seen;
        std::string share_url{};
    };

    std::vector<followed_assessment> followed();
    std::vector<followed_assessment> due_for_revision();
    /// As the ledger has it now; nothing if others have moved it since it was in `state`: the next look finds that.
    std::optional<assessment> still_in(assessment_state state, std::int64_t id);
    void link(const std::vector<followed_assessment>& open, const std::vector<candidate>& listed,
              std::vector<assessment>& unlinked);
    boost::asio::awaitable<result<void>> update_listed(const std::vector<followed_assessment>& open,
                                                       std::vector<candidate> listed,
                                                       std::vector<followed_assessment>& gone);
    boost::asio::awaitable<result<void>> update_gone(std::vector<followed_assessment> gone);
    boost::asio::awaitable<result<void>> link_missing(std::vector<assessment> unlinked);
    /// Asks for links where they are wanted, then stores all that is news. What was found out before a failure is kept.
    boost::asio::awaitable<result<void>> update(std::vector<finding> all, std::string_view cause);
    void store(const std::vector<finding>& news, std::string_view cause);
    boost::asio::awaitable<result<std::string>> share_url_for(const followed_assessment& followed,
                                                              const candidate& candidate);
    void hold_if_never_listed(const assessment& before);
    void lost_at_testdome(const followed_assessment& before);

    environment& world_;
    bookkeeper& books_;
    selector& selector_;
};

} // namespace testdome_sync::sync
