#pragma once

#include "connectors/http/service.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace testdome_sync::http {

/// What all mappings with one credential have in common: a service counts its limits by credential, and a token that
/// one of them renews may end the token of another. Keys are digests, never the credential itself. One thread.
class shared_access {
public:
    /// The budget of that key; the smaller number counts where two disagree.
    std::shared_ptr<budget> budget_for(const std::string& key, sync::clock& clock, const service_options& options);
    /// What signs in with that key; made by `make` if there is none yet.
    std::shared_ptr<authorizer> authorizer_for(const std::string& key,
                                               const std::function<std::shared_ptr<authorizer>()>& make);

private:
    std::map<std::string, std::weak_ptr<budget>> budgets_;
    std::map<std::string, std::weak_ptr<authorizer>> authorizers_;
};

} // namespace testdome_sync::http
