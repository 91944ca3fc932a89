#include "daemon/listener/cryptography.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace testdome_sync::listener {
namespace {

const unsigned char* bytes_of(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

sha256_value sha256(std::string_view text)
{
    sha256_value made{};
    if (::EVP_Digest(text.data(), text.size(), made.data(), nullptr, ::EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("OpenSSL can't compute SHA-256");
    return made;
}

int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::optional<sha256_value> from_hexadecimal(std::string_view text)
{
    sha256_value made{};
    for (std::size_t i = 0; i < made.size(); ++i) {
        const int high = digit_of(text[2 * i]), low = digit_of(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return std::nullopt;
        made[i] = static_cast<unsigned char>(high * 16 + low);
    }
    return made;
}

std::optional<sha256_value> from_base64(std::string_view text)
{
    std::array<unsigned char, 33> decoded{}; // 44 characters, the last of them =
    if (text.find('=') != text.size() - 1 ||
        ::EVP_DecodeBlock(decoded.data(), bytes_of(text), static_cast<int>(text.size())) != 33)
        return std::nullopt;
    sha256_value made{};
    std::copy_n(decoded.begin(), made.size(), made.begin());
    return made;
}

bool starts_with_name(std::string_view text)
{
    constexpr std::string_view name = "sha256";
    return text.size() > name.size() &&
           std::equal(name.begin(), name.end(), text.begin(),
                      [](char wanted, char c) { return wanted == std::tolower(static_cast<unsigned char>(c)); }) &&
           (text[name.size()] == '=' || text[name.size()] == ' ');
}

} // namespace

std::string sha256_base64(std::string_view text)
{
    const auto value = sha256(text);
    std::array<unsigned char, 45> encoded{};
    const int length = ::EVP_EncodeBlock(encoded.data(), value.data(), static_cast<int>(value.size()));
    return {reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(length)};
}

sha256_value hmac_sha256(std::string_view key, std::string_view message)
{
    sha256_value made{};
    if (!::HMAC(::EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(message), message.size(),
                made.data(), nullptr))
        throw std::runtime_error("OpenSSL can't compute HMAC-SHA-256");
    return made;
}

std::optional<sha256_value> signature_from(std::string_view header)
{
    if (starts_with_name(header))
        header.remove_prefix(7);
    while (header.starts_with(' '))
        header.remove_prefix(1);
    if (header.size() == 64)
        return from_hexadecimal(header);
    return header.size() == 44 ? from_base64(header) : std::nullopt;
}

bool are_same(const sha256_value& one, const sha256_value& other)
{
    return ::CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

bool are_same_secret(std::string_view given, std::string_view wanted)
{
    return are_same(sha256(given), sha256(wanted));
}

} // namespace testdome_sync::listener
