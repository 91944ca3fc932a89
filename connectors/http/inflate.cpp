#include "connectors/http/inflate.hpp"

#include <zlib.h>

#include <array>

namespace testdome_sync::http {

inflate_outcome inflate(std::string_view compressed, std::size_t limit_bytes, std::string& into)
{
    constexpr int gzip_or_zlib = 32 + MAX_WBITS, gzip_only = 16 + MAX_WBITS; // zlib's manual, inflateInit2
    z_stream stream{};
    if (::inflateInit2(&stream, gzip_or_zlib) != Z_OK)
        return inflate_outcome::damaged;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));
    stream.avail_in = static_cast<uInt>(compressed.size());
    std::array<char, 16384> chunk{};
    into.clear();
    auto outcome = inflate_outcome::damaged;
    for (;;) {
        stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
        stream.avail_out = static_cast<uInt>(chunk.size());
        const int state = ::inflate(&stream, Z_NO_FLUSH);
        into.append(chunk.data(), chunk.size() - stream.avail_out);
        if (into.size() > limit_bytes) {
            outcome = inflate_outcome::too_large;
            break;
        }
        if (state == Z_STREAM_END && stream.avail_in == 0) {
            outcome = inflate_outcome::done;
            break;
        }
        // What follows is another member (RFC 1952 §2.2), or garbage: then the next round says so.
        if (state == Z_STREAM_END && ::inflateReset2(&stream, gzip_only) == Z_OK)
            continue;
        if (state != Z_OK || (stream.avail_in == 0 && stream.avail_out != 0))
            break;
    }
    ::inflateEnd(&stream);
    return outcome;
}

} // namespace testdome_sync::http
