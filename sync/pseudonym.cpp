#include "sync/pseudonym.hpp"

#include "sync/clock.hpp"

#include <boost/algorithm/hex.hpp>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <iterator>

namespace testdome_sync::sync {
namespace {

constexpr auto key_name = "pseudonym_key";
constexpr std::size_t key_size = 32;

std::string to_hex(const unsigned char* bytes, std::size_t size)
{
    std::string text;
    boost::algorithm::hex_lower(bytes, bytes + size, std::back_inserter(text));
    return text;
}

std::string keyed_hash(std::string_view key, std::string_view email)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    const auto* text = reinterpret_cast<const unsigned char*>(email.data());
    if (!::HMAC(::EVP_sha256(), key.data(), static_cast<int>(key.size()), text, email.size(), digest.data(), &size))
        throw std::runtime_error("OpenSSL can't make an HMAC-SHA256");
    return '#' + to_hex(digest.data(), size);
}

} // namespace

std::string pseudonym_of(ledger& ledger, std::string_view email)
{
    const auto key = ledger.find_fact(key_name);
    return key.is_string() ? keyed_hash(key.get_string(), email) : std::string{};
}

std::string make_pseudonym(ledger& ledger, random_source& random, std::string_view email)
{
    if (!ledger.find_fact(key_name).is_string()) {
        std::array<unsigned char, key_size> key{};
        for (auto& byte : key)
            byte = static_cast<unsigned char>(random.uniform() * 256);
        ledger.save_fact(key_name, boost::json::string(to_hex(key.data(), key.size())));
    }
    return pseudonym_of(ledger, email);
}

bool is_pseudonym(std::string_view email)
{
    return email.starts_with('#');
}

} // namespace testdome_sync::sync
