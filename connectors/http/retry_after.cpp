#include "connectors/http/retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <string>

namespace testdome_sync::http {

std::optional<sync::wall_time> http_date(std::string_view text)
{
    // The year 9999 is an HTTP date, too, but past the clock's nanoseconds; half of them, so that any two dates can be
    // subtracted.
    constexpr auto earliest = std::chrono::ceil<std::chrono::seconds>(sync::wall_time::min().time_since_epoch()) / 2;
    constexpr auto latest = std::chrono::floor<std::chrono::seconds>(sync::wall_time::max().time_since_epoch()) / 2;
    static constexpr std::array forms{"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"};
    const std::string copy(text);
    for (const auto* form : forms) {
        std::tm parts{};
        const auto* end = ::strptime(copy.c_str(), form, &parts);
        if (end && *end == '\0')
            return sync::wall_time{std::clamp(std::chrono::seconds{::timegm(&parts)}, earliest, latest)};
    }
    return std::nullopt;
}

std::optional<std::chrono::seconds> retry_after(const response& answer, sync::wall_time now)
{
    constexpr std::chrono::seconds longest{86400};
    const auto text = answer.headers.find("Retry-After");
    if (!text)
        return std::nullopt;
    long long seconds = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), seconds);
    const bool number = error != std::errc::invalid_argument && end == text->data() + text->size();
    if (number && error == std::errc::result_out_of_range)
        return text->starts_with('-') ? std::chrono::seconds{0} : longest;
    if (number)
        return std::clamp(std::chrono::seconds(seconds), std::chrono::seconds{0}, longest);
    const auto when = http_date(*text);
    if (!when)
        return std::nullopt;
    return std::clamp(std::chrono::ceil<std::chrono::seconds>(*when - now), std::chrono::seconds{0}, longest);
}

} // namespace testdome_sync::http
