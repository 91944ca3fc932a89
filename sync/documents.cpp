#include "sync/documents.hpp"

#include <boost/json/serialize.hpp>
#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid_io.hpp>

#define XXH_INLINE_ALL // nothing to link
#include <xxhash.h>

namespace testdome_sync::sync {
namespace json = boost::json;
namespace {

json::value text_or_null(const std::optional<wall_time>& time)
{
    return time ? json::value(to_text(*time)) : json::value(nullptr);
}

json::value number_or_null(const std::optional<double>& number)
{
    if (!number)
        return nullptr;
    const auto whole = static_cast<std::int64_t>(*number);
    return static_cast<double>(whole) == *number ? json::value(whole) : json::value(*number);
}

/// Hexadecimal digits of a name-based UUID (RFC 4122 §4.3): a digest that Boost has as a public interface.
std::string digest(const std::string& text)
{
    const auto id = boost::uuids::name_generator_sha1(boost::uuids::ns::oid())(text);
    std::string digits;
    for (const char c : boost::uuids::to_string(id))
        if (c != '-')
            digits += c;
    return digits;
}

/// Sixteen hexadecimal digits, which two texts share by chance once in 2⁶⁴. Each application that a poll reads anew
/// gets them, and SHA-1 would take longer than the rest of that reading.
std::string fast_digest(const std::string& text)
{
    constexpr std::string_view hexadecimal = "0123456789abcdef";
    std::string digits(16, '0');
    auto rest = XXH3_64bits(text.data(), text.size());
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, rest >>= 4)
        *digit = hexadecimal[rest & 0xF];
    return digits;
}

} // namespace

json::object with_assessment(json::object document, const assessment& assessment)
{
    document["test"] = {{"id", assessment.test_id}, {"name", assessment.test_name}};
    document["assessment"] = {{"id", assessment.id},
                              {"state", to_text(assessment.state)},
                              {"deadline", text_or_null(assessment.deadline)},
                              {"invited_at", text_or_null(assessment.invited_at)}};
    document["deadline"] = text_or_null(assessment.deadline);
    if (!assessment.result.is_null())
        document["result"] = assessment.result;
    if (!assessment.reason.empty())
        document["error"] = {{"reason", assessment.reason}};
    return document;
}

json::object result_document(const candidate& candidate)
{
    return {{"status", to_text(candidate.status)},
            {"score", number_or_null(candidate.score)},
            {"passed", candidate.passed},
            {"time_taken_seconds", candidate.time_taken_seconds},
            {"possible_cheating", candidate.possible_cheating},
            {"report_url", "https://app.testdome.com/my-candidates/report/" + std::to_string(candidate.id)},
            {"candidate_id", candidate.id},
            {"completed_at", text_or_null(candidate.completed_at)},
            {"revised", false},
            {"raw", candidate.raw ? *candidate.raw : json::value(nullptr)}};
}

bool same_result(const json::value& one, const json::value& other)
{
    if (!one.is_object() || !other.is_object())
        return one == other;
    for (const auto* member : {"status", "score", "passed"}) {
        const auto* left = one.as_object().if_contains(member);
        const auto* right = other.as_object().if_contains(member);
        if (!left || !right || *left != *right)
            return false;
    }
    return true;
}

std::string marker_of(const assessment& assessment, std::string_view event, int revision, int position)
{
    const json::array identity{
        assessment.mapping, assessment.application_id, assessment.test_id, event, revision, position};
    return "td-" + digest(json::serialize(identity)).substr(0, 12);
}

std::string fingerprint_of(const json::value& value)
{
    return fast_digest(json::serialize(value));
}

std::string fingerprint_of(const json::object& object)
{
    return fast_digest(json::serialize(object));
}

std::string fingerprint_of(const application& one)
{
    return one.fingerprint.empty() ? fingerprint_of(to_document(one)) : one.fingerprint;
}

} // namespace testdome_sync::sync
