#include "sync/test_platform.hpp"

namespace testdome_sync::sync {

bool is_final(candidate_status status)
{
    return status == candidate_status::completed || status == candidate_status::did_not_take ||
           status == candidate_status::canceled;
}

std::string_view to_text(candidate_status status)
{
    switch (status) {
    case candidate_status::sending_invitation: return "sendingInvitation";
    case candidate_status::invited: return "invited";
    case candidate_status::started: return "started";
    case candidate_status::paused: return "paused";
    case candidate_status::completed: return "completed";
    case candidate_status::did_not_take: return "didNotTake";
    case candidate_status::canceled: return "canceled";
    case candidate_status::unknown: break;
    }
    return "unknown";
}

} // namespace testdome_sync::sync
