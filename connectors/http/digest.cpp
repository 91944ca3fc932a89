#include "connectors/http/digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstdio>
#include <stdexcept>

namespace testdome_sync::http {

std::string digest(std::initializer_list<std::string_view> parts)
{
    std::string whole;
    for (const auto part : parts)
        whole += std::to_string(part.size()) + ':' + std::string(part);
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    const bool done = EVP_Digest(whole.data(), whole.size(), bytes.data(), &size, EVP_sha256(), nullptr) == 1;
    whole.assign(whole.size(), '\0');
    if (!done)
        throw std::runtime_error("OpenSSL can't compute SHA-256");
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        char digits[3];
        std::snprintf(digits, sizeof digits, "%02x", bytes[i]);
        text += digits;
    }
    return text;
}

} // namespace testdome_sync::http
