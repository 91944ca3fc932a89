#pragma once

#include "sync/alarms.hpp"
#include "sync/failure.hpp"

#include <boost/asio/awaitable.hpp>

namespace testdome_sync::sync {

/// An alarm that came up or is over.
struct notice {
    alarm about;
    bool over = false;
};

/// Who tells people about alarms, beside the log. Implemented by connectors/notify.
class notifier {
public:
    virtual ~notifier() = default;

    /// True once everybody who is to be told was told. A failure is told in the log by the caller, which tries again.
    virtual boost::asio::awaitable<result<void>> tell(notice told) = 0;

    /// Says that the program is alive and that nothing critical is the matter: whoever does not hear this for a while
    /// raises the alarm (a dead man's switch).
    virtual boost::asio::awaitable<result<void>> sign_of_life() = 0;
};

} // namespace testdome_sync::sync
