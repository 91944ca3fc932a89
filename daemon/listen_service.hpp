#pragma once

#include "daemon/foundation.hpp"
#include "daemon/service.hpp"

#include <memory>

namespace testdome_sync::daemon {

/// Listens where the configuration in force says. What can't be listened at is told in the log and stops nothing. One
/// thread.
class listen_service {
public:
    /// Both outlive it.
    listen_service(service& served, foundation& base);
    ~listen_service();

    /// To be called after a reload. The same address stays bound, with its certificate read again; another one is bound
    /// before the old one is given up, so if that fails the old one goes on.
    void follow();

private:
    struct implementation;
    std::unique_ptr<implementation> implementation_;
};

} // namespace testdome_sync::daemon
