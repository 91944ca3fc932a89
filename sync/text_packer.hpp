#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace testdome_sync::sync {

/// Makes texts small that are much like each other, such as one system's records: what a text has in common with the
/// first one is not kept again. For memory, not for the disk: the format is zlib's own (RFC 1951), and may change. One
/// thread.
class text_packer {
public:
    /// `like_all` is a text such as those to come.
    explicit text_packer(std::string like_all);
    ~text_packer();
    text_packer(text_packer&&) noexcept;
    text_packer& operator=(text_packer&&) noexcept;

    std::string pack(std::string_view text);

    /// `packed` is what `pack` has given.
    std::string unpack(std::string_view packed) const;

private:
    struct compressor;
    std::string like_all_;
    std::unique_ptr<compressor> compressor_;
};

} // namespace testdome_sync::sync
