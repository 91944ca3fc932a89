#include "sync/text_packer.hpp"

#include <zlib.h>

#include <cstdint>
#include <cstring>
#include <limits>
#include <new>
#include <stdexcept>

namespace testdome_sync::sync {
namespace {

/// zlib's manual, deflateInit2: no header and no checksum, which memory doesn't need.
constexpr int no_header = -MAX_WBITS;

/// Ahead of what is packed, so that it is unpacked in one go.
using length = std::uint32_t;

void require(bool well)
{
    if (!well)
        throw std::logic_error("a text was packed by another packer");
}

// zlib reads through pointers that are not const, and writes nothing there.
Bytef* bytes_of(std::string_view text)
{
    return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
}

uInt size_of(std::string_view text)
{
    if (text.size() > std::numeric_limits<length>::max())
        throw std::length_error("a text is too long to be packed");
    return static_cast<uInt>(text.size());
}

} // namespace

struct text_packer::compressor {
    compressor()
    {
        constexpr int memory_level = 8; // as deflateInit has it
        if (::deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, no_header, memory_level, Z_DEFAULT_STRATEGY) != Z_OK)
            throw std::bad_alloc();
    }
    ~compressor() { ::deflateEnd(&stream); }
    compressor(const compressor&) = delete;
    compressor& operator=(const compressor&) = delete;

    z_stream stream{};
};

text_packer::text_packer(std::string like_all)
    : like_all_(std::move(like_all)), compressor_(std::make_unique<compressor>())
{
}

text_packer::~text_packer() = default;
text_packer::text_packer(text_packer&&) noexcept = default;
text_packer& text_packer::operator=(text_packer&&) noexcept = default;

std::string text_packer::pack(std::string_view text)
{
    auto& stream = compressor_->stream;
    const length size = size_of(text);
    ::deflateReset(&stream);
    ::deflateSetDictionary(&stream, bytes_of(like_all_), size_of(like_all_));
    std::string packed(sizeof size + ::deflateBound(&stream, size), '\0');
    std::memcpy(packed.data(), &size, sizeof size);
    stream.next_in = bytes_of(text);
    stream.avail_in = size;
    stream.next_out = bytes_of(packed) + sizeof size;
    stream.avail_out = static_cast<uInt>(packed.size() - sizeof size);
    require(::deflate(&stream, Z_FINISH) == Z_STREAM_END);
    packed.resize(packed.size() - stream.avail_out);
    packed.shrink_to_fit();
    return packed;
}

std::string text_packer::unpack(std::string_view packed) const
{
    length size = 0;
    require(packed.size() >= sizeof size);
    std::memcpy(&size, packed.data(), sizeof size);
    z_stream stream{};
    if (::inflateInit2(&stream, no_header) != Z_OK)
        throw std::bad_alloc();
    std::string text(size, '\0');
    ::inflateSetDictionary(&stream, bytes_of(like_all_), size_of(like_all_));
    stream.next_in = bytes_of(packed.substr(sizeof size));
    stream.avail_in = size_of(packed) - static_cast<uInt>(sizeof size);
    stream.next_out = bytes_of(text);
    stream.avail_out = size;
    const int state = ::inflate(&stream, Z_FINISH);
    ::inflateEnd(&stream);
    require(state == Z_STREAM_END && stream.avail_out == 0);
    return text;
}

} // namespace testdome_sync::sync
