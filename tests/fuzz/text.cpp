#include "connectors/http/inflate.hpp"
#include "connectors/http/message.hpp"
#include "connectors/http/oauth.hpp"
#include "connectors/http/retry_after.hpp"
#include "connectors/http/url.hpp"
#include "sync/application.hpp"
#include "sync/events.hpp"
#include "tests/fuzz/promises.hpp"

#include <zlib.h>

#include <algorithm>

// Small readers of foreign text: URLs, header values, times, compressed bodies, and the encodings that must not change
// what they carry. The input goes to all of them; those that take two texts get what stands before and after the first
// line break.

namespace {

using namespace testdome_sync;
using fuzzing::promise;

bool clean(std::string_view text)
{
    return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; });
}

bool contains(std::string_view text, std::string_view word)
{
    // Not the one of std::ranges, which clang 14 can't compile.
    const auto same = [](char one, char other) { return (one | 0x20) == (other | 0x20); };
    return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

std::string decoded(std::string_view text, bool form)
{
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            promise(i + 2 < text.size(), "a percent sign is followed by two digits", text);
            plain += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
            i += 2;
        } else {
            plain += form && text[i] == '+' ? ' ' : text[i];
        }
    }
    return plain;
}

void check_encodings(std::string_view text)
{
    const auto percent = http::percent_encoded(text), form = http::form_encoded(text);
    promise(decoded(percent, false) == text, "percent-encoding loses nothing", percent);
    promise(decoded(form, true) == text, "form encoding loses nothing", form);
    promise(clean(percent) && percent.find_first_of("&=+#?/") == std::string::npos,
            "a percent-encoded value stays one value", percent);
    promise(form.find_first_of("&=") == std::string::npos, "a form value stays one value", form);
    const auto encoded = http::base64(text);
    promise(encoded.size() == (text.size() + 2) / 3 * 4, "base64 has its length", encoded);
}

void check_url(std::string_view text)
{
    const auto shown = http::printable_url(text);
    promise(shown.find('?') == std::string::npos && shown.find('#') == std::string::npos,
            "a printable URL has no query and no fragment", shown);
    const auto read = http::parse_url(text);
    if (!read)
        return;
    promise(clean(read->target) && read->target.starts_with('/'), "a target is one word that begins with a slash",
            read->target);
    promise(!read->host.empty() && clean(read->host), "a host is one word", read->host);
    promise(read->port != 0, "a port is not zero");
    promise(shown.find('@') == std::string::npos, "a printable URL has no user and no address", shown);
    const auto again = http::parse_url("https://" + read->authority() + read->target);
    promise(again && again->host == read->host && again->port == read->port && again->target == read->target,
            "a URL that is taken apart and put together is the same", text);
}

void check_reference(std::string_view base, std::string_view reference)
{
    const auto from = http::parse_url(base);
    const auto target = http::resolved_url(base, reference);
    if (!from || !target)
        return;
    check_url(*target);
    const auto to = http::parse_url(*target);
    const bool names_a_host = reference.find("//") != std::string_view::npos;
    if (to && !names_a_host)
        promise(to->origin() == from->origin(), "a reference without a host stays at its host", *target);
}

void check_times(const std::string& text)
{
    const auto now = sync::wall_time{std::chrono::sys_days{std::chrono::year{2026} / 11 / 25}};
    http::response answer;
    answer.headers.set("Retry-After", text);
    if (const auto wait = http::retry_after(answer, now))
        promise(wait->count() >= 0 && *wait <= std::chrono::hours{24}, "a wait is between nothing and a day");
    http::http_date(text);
    if (const auto time = sync::time_from(text)) {
        const auto again = sync::time_from(sync::to_text(*time));
        promise(again && *again == std::chrono::floor<std::chrono::seconds>(*time), "a time can be written and read",
                sync::to_text(*time));
    }
}

void check_people(std::string_view text)
{
    const auto email = sync::normalized_email(text);
    promise(sync::normalized_email(email) == email, "an address that is normalized stays as it is", email);
    if (sync::is_plausible_email(email))
        promise(email.find_first_of(" ,\r\n") == std::string::npos, "an address is one word", email);
    const auto shown = sync::printable(text);
    promise(std::ranges::none_of(shown, [](char c) { return static_cast<unsigned char>(c) < 0x20; }),
            "a log line has no control characters", shown);
    sync::masked_email(text);
    sync::masked_name(text);
}

void check_compression(std::string_view text)
{
    constexpr std::size_t limit = 256 * 1024, chunk = 16 * 1024;
    std::string plain;
    http::inflate(text, limit, plain);
    promise(plain.size() <= limit + chunk, "a small answer can't fill the memory");

    auto room = ::compressBound(text.size());
    std::string packed(room, '\0');
    ::compress(reinterpret_cast<Bytef*>(packed.data()), &room, reinterpret_cast<const Bytef*>(text.data()),
               text.size());
    packed.resize(room);
    promise(http::inflate(packed, text.size(), plain) == http::inflate_outcome::done && plain == text,
            "what is compressed comes out as it was");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto input = fuzzing::text_of(data, size);
    const auto line_end = std::min(input.find('\n'), input.size());
    const auto first = input.substr(0, line_end), second = input.substr(std::min(line_end + 1, input.size()));
    check_encodings(input);
    check_url(first);
    check_reference(first, second);
    check_times(std::string(first));
    check_people(first);
    check_compression(input);
    if (const auto proxy = http::parse_proxy(std::string(first)))
        promise(input.find('%') != std::string_view::npos || contains(first, proxy->host),
                "a proxy's host is what was written", proxy->host);
    http::bypasses_proxy(first, second);
    return 0;
}
