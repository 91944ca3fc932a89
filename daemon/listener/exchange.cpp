#include "daemon/listener/exchange.hpp"

namespace testdome_sync::listener {

http::response text_answer(int status, std::string_view words)
{
    http::response made;
    made.status = status;
    made.headers.set("Content-Type", "text/plain; charset=utf-8");
    made.body = std::string(words) + '\n';
    return made;
}

http::response method_not_allowed(std::string_view allowed)
{
    auto made = text_answer(405, "allowed here: " + std::string(allowed));
    made.headers.set("Allow", std::string(allowed));
    return made;
}

} // namespace testdome_sync::listener
