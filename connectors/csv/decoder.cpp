#include "connectors/csv/decoder.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <iconv.h>
#include <system_error>
#include <utility>

namespace testdome_sync::csv {
namespace {

const iconv_t no_conversion = reinterpret_cast<iconv_t>(-1);

struct byte_order_mark {
    std::string_view bytes;
    const char* encoding;
};
constexpr std::array marks{byte_order_mark{"\xEF\xBB\xBF", "UTF-8"}, byte_order_mark{"\xFF\xFE", "UTF-16LE"},
                           byte_order_mark{"\xFE\xFF", "UTF-16BE"}};

bool has_wide_units(std::string_view encoding)
{
    return encoding.starts_with("UTF-16") || encoding.starts_with("utf-16");
}

} // namespace

bool is_known_encoding(const std::string& name)
{
    if (name.find('/') != std::string::npos) // `//IGNORE` would leave out what can't be decoded
        return false;
    const auto opened = iconv_open("UTF-8", name.c_str());
    if (opened == no_conversion)
        return false;
    iconv_close(opened);
    return true;
}

struct decoder::conversion {
    conversion(byte_source from, std::string named) : source(std::move(from)), encoding(std::move(named)) {}
    ~conversion()
    {
        if (opened != no_conversion)
            iconv_close(opened);
    }
    conversion(const conversion&) = delete;
    conversion& operator=(const conversion&) = delete;

    void fill();
    void begin();
    /// Passes over one unit that is nothing in the encoding.
    void skip_unit();

    byte_source source;
    std::string encoding;
    iconv_t opened = no_conversion;
    std::array<char, 16 * 1024> buffer{};
    std::size_t begin_ = 0; ///< of the bytes in the buffer that are not decoded yet
    std::size_t end_ = 0;
    bool at_end = false;
};

void decoder::conversion::fill()
{
    std::memmove(buffer.data(), buffer.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    const auto read = source(buffer.data() + end_, buffer.size() - end_);
    end_ += read;
    at_end = read == 0;
}

void decoder::conversion::begin()
{
    while (end_ < 3 && !at_end)
        fill();
    const std::string_view start(buffer.data(), end_);
    for (const auto& mark : marks)
        if (start.starts_with(mark.bytes)) {
            encoding = mark.encoding;
            begin_ = mark.bytes.size();
        }
    opened = iconv_open("UTF-8", encoding.empty() ? "UTF-8" : encoding.c_str());
    if (opened == no_conversion)
        throw std::system_error(errno, std::generic_category(), "no conversion from " + encoding);
}

void decoder::conversion::skip_unit()
{
    begin_ = std::min(begin_ + (has_wide_units(encoding) ? 2 : 1), end_);
}

decoder::decoder(byte_source source, std::string encoding)
    : conversion_(std::make_unique<conversion>(std::move(source), std::move(encoding)))
{
}

decoder::~decoder() = default;
decoder::decoder(decoder&&) noexcept = default;
decoder& decoder::operator=(decoder&&) noexcept = default;

std::size_t decoder::read(char* into, std::size_t size)
{
    auto& from = *conversion_;
    if (from.opened == no_conversion)
        from.begin();
    auto* out = into;
    auto room = size;
    while (room == size) { // until there is something to give
        if (from.begin_ == from.end_ && from.at_end)
            return 0;
        auto* in = from.buffer.data() + from.begin_;
        auto left = from.end_ - from.begin_;
        const auto converted = iconv(from.opened, &in, &left, &out, &room);
        const auto why = errno;
        from.begin_ = from.end_ - left;
        if (converted != static_cast<std::size_t>(-1) || (why == EINVAL && !from.at_end)) {
            if (room == size && !from.at_end)
                from.fill(); // all is decoded, or a character goes on in what comes
        } else if (why == E2BIG) {
            break;
        } else if (room > 0) { // EILSEQ, or a character that is cut off by the end
            from.skip_unit();
            *out++ = undecodable;
            --room;
        }
    }
    return size - room;
}

std::string decoder::encoding() const
{
    return conversion_->encoding.empty() ? "UTF-8" : conversion_->encoding;
}

bool holds_garbage(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
        if (byte == 0 || byte >= 0xF5 || (byte == 0xF4 && next >= 0x90))
            return true;
    }
    return false;
}

} // namespace testdome_sync::csv
