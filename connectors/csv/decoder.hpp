#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace testdome_sync::csv {

/// Gives the next bytes of a text: writes at most `size` of them and returns how many; 0 at the end.
using byte_source = std::function<std::size_t(char* into, std::size_t size)>;

/// Whether this machine can turn text of that encoding into UTF-8 (`iconv --list` tells them all).
bool is_known_encoding(const std::string& name);

/// Stands for what the encoding doesn't allow: a byte that is in no UTF-8 text.
inline constexpr char undecodable = '\xFF';

/// Turns a file's bytes into UTF-8. A byte order mark tells the encoding and isn't part of the text; without one,
/// `encoding` counts (empty: UTF-8). What can't be decoded becomes `undecodable`, so that only its row is lost.
class decoder {
public:
    decoder(byte_source source, std::string encoding);
    ~decoder();
    decoder(decoder&&) noexcept;
    decoder& operator=(decoder&&) noexcept;

    /// As a byte_source; `size` must hold the longest character, which has four bytes.
    std::size_t read(char* into, std::size_t size);
    /// The text's encoding; known once something was read.
    std::string encoding() const;

private:
    struct conversion;
    std::unique_ptr<conversion> conversion_;
};

/// True if a text that a decoder gave holds what is no text: `undecodable`, NUL, or a character beyond Unicode, which
/// the C library lets through.
bool holds_garbage(std::string_view text);

} // namespace testdome_sync::csv
