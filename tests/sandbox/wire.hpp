#pragma once

#include "connectors/http/message.hpp"

#include <boost/json/value.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace testdome_sync::sandbox {

using wall_time = std::chrono::system_clock::time_point;
using time_source = std::function<wall_time()>;

/// A request as a server sees it: the path without the prefix, decoded parameters, the body as JSON where it is.
struct incoming {
    std::string method;
    std::string path;
    std::vector<std::pair<std::string, std::string>> query; ///< in order, decoded
    std::map<std::string, std::string> form;                ///< of an urlencoded body
    boost::json::value body;                                ///< null if the body isn't JSON
    const http::request* original = nullptr;                ///< for its headers

    std::vector<std::string> segments() const; ///< `/tests/1/settings` → tests, 1, settings
    std::optional<std::string> one(const std::string& name) const;
    std::vector<std::string> all(const std::string& name) const;
    bool only(const std::vector<std::string>& allowed) const; ///< no other query parameter than these
};
incoming parse_incoming(const http::request& request, const std::string& prefix);

http::response answer(int status, const boost::json::value& body);
http::response json_answer(int status, std::string body); ///< that is JSON already
http::response empty_answer(int status);

std::string iso(wall_time time); ///< with milliseconds and Z
std::optional<wall_time> time_from_iso(const std::string& text);
std::vector<long long> ids_in(const std::string& comma_list);

} // namespace testdome_sync::sandbox
