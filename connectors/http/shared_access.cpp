#include "connectors/http/shared_access.hpp"

#include "connectors/http/budget.hpp"

namespace testdome_sync::http {

std::shared_ptr<budget> shared_access::budget_for(const std::string& key, sync::clock& clock,
                                                  const service_options& options)
{
    auto& place = budgets_[key];
    if (auto known = place.lock()) {
        known->narrow(options);
        return known;
    }
    auto made = std::make_shared<budget>(clock, options);
    place = made;
    return made;
}

std::shared_ptr<authorizer> shared_access::authorizer_for(const std::string& key,
                                                          const std::function<std::shared_ptr<authorizer>()>& make)
{
    auto& place = authorizers_[key];
    if (auto known = place.lock())
        return known;
    auto made = make();
    place = made;
    return made;
}

} // namespace testdome_sync::http
