#include "connectors/exec/masking.hpp"

#include "sync/events.hpp"

#include <algorithm>

namespace testdome_sync::exec {
namespace {

constexpr std::size_t shortest_secret = 4;

} // namespace

masking::masking(std::vector<config::secret> secrets) : secrets_(std::move(secrets))
{
    std::erase_if(secrets_, [](const auto& one) { return one.reveal().size() < shortest_secret; });
    // Of two that begin alike, the longer one is hidden whole.
    std::ranges::sort(secrets_, std::ranges::greater{}, [](const auto& one) { return one.reveal().size(); });
}

std::string masking::operator()(std::string_view foreign, std::size_t limit_bytes) const
{
    std::string text(foreign);
    for (const auto& one : secrets_)
        for (auto at = text.find(one.reveal()); at != std::string::npos; at = text.find(one.reveal(), at))
            text.replace(at, one.reveal().size(), "…");
    return sync::printable(text, limit_bytes);
}

} // namespace testdome_sync::exec
