#include "tests/sandbox/wire.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/parse.hpp>

#include <algorithm>
#include <cstdio>
#include <sstream>

namespace testdome_sync::sandbox {
namespace json = boost::json;
namespace {

std::string decoded(std::string text)
{
    std::ranges::replace(text, '+', ' ');
    const auto view = boost::urls::make_pct_string_view(text);
    return view ? view->decode() : text;
}

std::vector<std::pair<std::string, std::string>> pairs_in(const std::string& text)
{
    std::vector<std::pair<std::string, std::string>> pairs;
    std::istringstream input(text);
    for (std::string pair; std::getline(input, pair, '&');) {
        const auto equals = pair.find('=');
        if (!pair.empty())
            pairs.emplace_back(decoded(pair.substr(0, equals)),
                               equals == std::string::npos ? "" : decoded(pair.substr(equals + 1)));
    }
    return pairs;
}

} // namespace

std::vector<std::string> incoming::segments() const
{
    std::vector<std::string> all;
    std::istringstream input(path);
    for (std::string segment; std::getline(input, segment, '/');)
        if (!segment.empty())
            all.push_back(segment);
    return all;
}

std::optional<std::string> incoming::one(const std::string& name) const
{
    for (const auto& [key, value] : query)
        if (key == name)
            return value;
    return std::nullopt;
}

std::vector<std::string> incoming::all(const std::string& name) const
{
    std::vector<std::string> values;
    for (const auto& [key, value] : query)
        if (key == name)
            values.push_back(value);
    return values;
}

bool incoming::only(const std::vector<std::string>& allowed) const
{
    return std::ranges::all_of(query, [&](const auto& pair) { return std::ranges::count(allowed, pair.first) > 0; });
}

incoming parse_incoming(const http::request& request, const std::string& prefix)
{
    incoming made;
    made.original = &request;
    made.method = request.method;
    auto target = request.url;
    if (const auto scheme = target.find("://"); scheme != std::string::npos)
        target = target.substr(std::min(target.find('/', scheme + 3), target.size()));
    const auto mark = target.find('?');
    made.path = target.substr(0, mark);
    if (made.path.starts_with(prefix))
        made.path = made.path.substr(prefix.size());
    if (mark != std::string::npos)
        made.query = pairs_in(target.substr(mark + 1));
    const auto type = request.headers.find("Content-Type").value_or("");
    if (type.starts_with("application/x-www-form-urlencoded"))
        for (auto& [key, value] : pairs_in(request.body))
            made.form[key] = value;
    boost::system::error_code not_json;
    if (!request.body.empty())
        made.body = json::parse(request.body, not_json);
    return made;
}

http::response answer(int status, const json::value& body)
{
    return json_answer(status, json::serialize(body));
}

http::response json_answer(int status, std::string body)
{
    http::response made;
    made.status = status;
    made.headers.set("Content-Type", "application/json; charset=utf-8");
    made.body = std::move(body);
    return made;
}

http::response empty_answer(int status)
{
    http::response made;
    made.status = status;
    return made;
}

std::string iso(wall_time time)
{
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss clock{floor<milliseconds>(time - day)};
    std::string text = "0000-00-00T00:00:00.000Z";
    const auto write = [&](std::size_t at, std::size_t digits, long long number) { // a simulated life does this often
        for (auto place = at + digits; place-- > at; number /= 10)
            text[place] = static_cast<char>('0' + number % 10);
    };
    write(0, 4, static_cast<int>(date.year()));
    write(5, 2, static_cast<unsigned>(date.month()));
    write(8, 2, static_cast<unsigned>(date.day()));
    write(11, 2, clock.hours().count());
    write(14, 2, clock.minutes().count());
    write(17, 2, clock.seconds().count());
    write(20, 3, clock.subseconds().count());
    return text;
}

std::optional<wall_time> time_from_iso(const std::string& text)
{
    using namespace std::chrono;
    int y = 0, hour = 0, minute = 0, second = 0, fraction = 0;
    unsigned m = 0, d = 0;
    if (std::sscanf(text.c_str(), "%4d-%2u-%2uT%2d:%2d:%2d.%3d", &y, &m, &d, &hour, &minute, &second, &fraction) < 6 ||
        !text.ends_with('Z'))
        return std::nullopt;
    const year_month_day date{year{y}, month{m}, day{d}};
    if (!date.ok())
        return std::nullopt;
    return sys_days{date} + hours{hour} + minutes{minute} + seconds{second} + milliseconds{fraction};
}

std::vector<long long> ids_in(const std::string& list)
{
    std::vector<long long> ids;
    std::istringstream input(list);
    for (std::string id; std::getline(input, id, ',');)
        ids.push_back(std::strtoll(id.c_str(), nullptr, 10));
    return ids;
}

} // namespace testdome_sync::sandbox
