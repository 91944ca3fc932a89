#include "sync/test_catalog.hpp"

#include "config/problems.hpp"

#include <algorithm>

namespace testdome_sync::sync {
namespace {

constexpr std::chrono::minutes age_limit{10};

bool is_number(const std::string& text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace

boost::asio::awaitable<result<void>> test_catalog::refresh()
{
    if (read_at_ && clock_.now() - *read_at_ < age_limit)
        co_return result<void>{};
    auto answer = co_await platform_.tests();
    if (answer) {
        tests_ = std::move(*answer);
        read_at_ = clock_.now();
    } else if (!read_at_) {
        co_return answer.error();
    }
    co_return result<void>{};
}

test_catalog::resolution test_catalog::resolve(const std::string& reference) const
{
    std::vector<const test*> matches;
    std::vector<std::string> names;
    for (const auto& candidate : tests_) {
        const bool by_id = is_number(reference) && std::to_string(candidate.id) == reference;
        if (by_id || (candidate.name == reference && !candidate.archived))
            matches.push_back(&candidate);
        if (!candidate.archived)
            names.push_back(candidate.name);
    }
    if (matches.size() == 1 && !matches.front()->archived)
        return {*matches.front(), {}};
    if (matches.size() == 1)
        return {{}, "the test \"" + reference + "\" is archived at TestDome"};
    if (matches.size() > 1)
        return {{},
                "TestDome has " + std::to_string(matches.size()) + " tests named \"" + reference +
                    "\"; use the id of one"};
    return {{}, "TestDome has no test \"" + reference + '"' + config::did_you_mean(reference, names)};
}

} // namespace testdome_sync::sync
