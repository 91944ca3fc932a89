#include "sync/utf8.hpp"

namespace testdome_sync::sync {

std::size_t utf8_length(std::string_view text)
{
    const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
    const auto lead = byte(0);
    if (lead < 0x80)
        return text.empty() ? 0 : 1;
    if (lead < 0xC2 || lead > 0xF4)
        return 0;
    // The second byte tells overlong forms, surrogates, and what is beyond the last character.
    const auto lowest = lead == 0xE0 ? 0xA0U : lead == 0xF0 ? 0x90U : 0x80U;
    const auto highest = lead == 0xED ? 0x9FU : lead == 0xF4 ? 0x8FU : 0xBFU;
    if (byte(1) < lowest || byte(1) > highest)
        return 0;
    const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    for (std::size_t at = 2; at < length; ++at)
        if ((byte(at) & 0xC0) != 0x80)
            return 0;
    return length;
}

} // namespace testdome_sync::sync
