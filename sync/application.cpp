#include "sync/application.hpp"

#include <algorithm>
#include <charconv>

namespace testdome_sync::sync {
namespace json = boost::json;
namespace {

std::string text_in(const json::object& object, std::string_view member)
{
    const auto* found = object.if_contains(member);
    return found && found->is_string() ? std::string(found->as_string()) : std::string{};
}

bool is_closed_status(std::string_view status)
{
    return status == "rejected" || status == "withdrawn" || status == "hired" || status == "deleted";
}

json::object object_in(const json::object& object, std::string_view member)
{
    const auto* found = object.if_contains(member);
    return found && found->is_object() ? found->as_object() : json::object{};
}

json::value time_or_null(const std::optional<wall_time>& time)
{
    return time ? json::value(to_text(*time)) : json::value(nullptr);
}

/// Reads exactly `count` digits at `at`.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count)
{
    if (at + count > text.size())
        return std::nullopt;
    int number = 0;
    const auto* begin = text.data() + at;
    const auto [end, error] = std::from_chars(begin, begin + count, number);
    const bool all = error == std::errc{} && end == begin + count && *begin != '-';
    return all ? std::optional(number) : std::nullopt;
}

/// `Z`, `+01:00`, `+0100`, `+01`, or nothing.
std::optional<std::chrono::minutes> zone_of(std::string_view zone)
{
    using std::chrono::minutes;
    if (zone.empty() || zone == "Z" || zone == "z")
        return minutes{0};
    if (zone.front() != '+' && zone.front() != '-')
        return std::nullopt;
    const auto hours = digits(zone, 1, 2);
    const std::size_t minute_at = zone.size() > 3 && zone[3] == ':' ? 4 : 3;
    const auto minute = zone.size() > 3 ? digits(zone, minute_at, 2) : std::optional(0);
    if (!hours || !minute || zone.size() > minute_at + 2)
        return std::nullopt;
    const minutes offset{*hours * 60 + *minute};
    return zone.front() == '-' ? -offset : offset;
}

} // namespace

void complete_names(applicant& who)
{
    if (who.name.empty())
        who.name = who.first_name + (who.first_name.empty() || who.last_name.empty() ? "" : " ") + who.last_name;
    if (who.first_name.empty() && who.last_name.empty()) {
        const auto blank = who.name.find(' ');
        who.first_name = who.name.substr(0, blank);
        who.last_name = blank == std::string::npos ? std::string{} : who.name.substr(blank + 1);
    }
}

bool is_closed(const application& application)
{
    return is_closed_status(application.status);
}

bool is_closed(const json::object& document)
{
    const auto* status = document.if_contains("status");
    return status && status->is_string() && is_closed_status(status->get_string());
}

std::string email_in(const json::object& document)
{
    const auto* applicant = document.if_contains("applicant");
    return applicant && applicant->is_object() ? normalized_email(text_in(applicant->get_object(), "email"))
                                               : std::string{};
}

json::object to_document(const application& from)
{
    json::object own{{"id", from.id},
                     {"url", from.url},
                     {"applied_at", time_or_null(from.applied_at)},
                     {"updated_at", time_or_null(from.updated_at)},
                     {"status", from.status}};
    if (!from.applied_at && from.applied_after)
        own["applied_after"] = to_text(*from.applied_after);
    return {{"application", std::move(own)},
            {"applicant",
             {{"id", from.applicant.id},
              {"first_name", from.applicant.first_name},
              {"last_name", from.applicant.last_name},
              {"name", from.applicant.name},
              {"email", from.applicant.email}}},
            {"job", {{"id", from.job.id}, {"name", from.job.name}}},
            {"stage", {{"id", from.stage.id}, {"name", from.stage.name}}},
            {"status", from.status},
            {"raw", from.raw}};
}

application application_from(const json::object& document)
{
    application made;
    const auto own = object_in(document, "application");
    made.id = text_in(own, "id");
    made.url = text_in(own, "url");
    made.applied_at = time_from(text_in(own, "applied_at"));
    made.applied_after = time_from(text_in(own, "applied_after"));
    made.updated_at = time_from(text_in(own, "updated_at"));
    made.status = text_in(document, "status");
    const auto person = object_in(document, "applicant");
    made.applicant = {text_in(person, "id"), text_in(person, "first_name"), text_in(person, "last_name"),
                      text_in(person, "name"), text_in(person, "email")};
    const auto job = object_in(document, "job");
    made.job = {text_in(job, "id"), text_in(job, "name")};
    const auto stage = object_in(document, "stage");
    made.stage = {text_in(stage, "id"), text_in(stage, "name")};
    if (const auto* raw = document.if_contains("raw"))
        made.raw = *raw;
    return made;
}

std::string to_text(wall_time time)
{
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss clock{floor<seconds>(time - day)};
    std::string text = "0000-00-00T00:00:00Z";
    const auto write = [&text](std::size_t at, std::size_t digits, long long number) { // a tenth of what printf takes
        for (auto place = at + digits; place-- > at; number /= 10)
            text[place] = static_cast<char>('0' + number % 10);
    };
    write(0, 4, static_cast<int>(date.year()));
    write(5, 2, static_cast<unsigned>(date.month()));
    write(8, 2, static_cast<unsigned>(date.day()));
    write(11, 2, clock.hours().count());
    write(14, 2, clock.minutes().count());
    write(17, 2, clock.seconds().count());
    return text;
}

std::optional<wall_time> time_from(std::string_view text)
{
    using namespace std::chrono;
    const auto y = digits(text, 0, 4), m = digits(text, 5, 2), d = digits(text, 8, 2);
    if (!y || !m || !d || text[4] != '-' || text[7] != '-')
        return std::nullopt;
    const year_month_day date{year{*y}, month{static_cast<unsigned>(*m)}, day{static_cast<unsigned>(*d)}};
    // "Never" is written 0001-01-01 or 9999-12-31 by many; the clock's nanoseconds reach from 1677 to 2262.
    if (!date.ok() || *y < 1678 || *y > 2261)
        return std::nullopt;
    wall_time time{sys_days{date}};
    if (text.size() == 10)
        return time;
    const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2);
    if ((text[10] != 'T' && text[10] != ' ') || !hour || !minute || *hour > 23 || *minute > 59)
        return std::nullopt;
    time += hours{*hour} + minutes{*minute};
    std::size_t rest = 16;
    if (text.size() > rest && text[rest] == ':') {
        const auto second = digits(text, 17, 2);
        if (!second || *second > 60)
            return std::nullopt;
        time += seconds{*second};
        rest = 19;
    }
    if (text.size() > rest && text[rest] == '.') {
        std::int64_t fraction = 0, unit = 1'000'000'000;
        for (++rest; rest < text.size() && text[rest] >= '0' && text[rest] <= '9'; ++rest) {
            unit /= 10;
            fraction += unit * (text[rest] - '0');
        }
        time += duration_cast<wall_time::duration>(nanoseconds{fraction});
    }
    const auto zone = zone_of(text.substr(rest));
    return zone ? std::optional(time - *zone) : std::nullopt;
}

std::string normalized_email(std::string_view email)
{
    constexpr std::string_view space = " \t\r\n";
    const auto begin = email.find_first_not_of(space);
    if (begin == std::string_view::npos)
        return {};
    std::string text(email.substr(begin, email.find_last_not_of(space) - begin + 1));
    std::ranges::transform(text, text.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

bool is_plausible_email(std::string_view email)
{
    const auto at = email.find('@');
    const bool one_at = at != std::string_view::npos && email.find('@', at + 1) == std::string_view::npos;
    const bool clean = std::ranges::none_of(email, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte <= 0x20 || byte == 0x7F || c == ',' || c == ';' || c == '<' || c == '>' || c == '"';
    });
    const auto domain = one_at ? email.substr(at + 1) : std::string_view{};
    return one_at && clean && at > 0 && email.size() <= 254 && domain.find('.') != std::string_view::npos &&
           domain.front() != '.' && domain.back() != '.';
}

} // namespace testdome_sync::sync
