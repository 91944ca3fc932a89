#include "sync/stored_json.hpp"

#include <boost/json/parse.hpp>

namespace testdome_sync::sync {
namespace json = boost::json;
namespace {

json::parse_options options()
{
    json::parse_options made;
    made.max_depth = 256; // what jq makes is at most 64 levels deep
    return made;
}

} // namespace

json::value stored_json(std::string_view text, boost::system::error_code& error)
{
    return json::parse(text, error, {}, options());
}

json::value stored_json(std::string_view text)
{
    return json::parse(text, {}, options());
}

} // namespace testdome_sync::sync
