#include "connectors/csv/decoder.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace testdome_sync::csv {
namespace {

std::string decoded(const std::string& bytes, const std::string& encoding = {}, std::size_t piece = 16 * 1024)
{
    decoder text(
        [&, at = std::size_t{0}](char* into, std::size_t room) mutable {
            const auto count = std::min({piece, room, bytes.size() - at});
            std::copy_n(bytes.data() + at, count, into);
            at += count;
            return count;
        },
        encoding);
    std::string all;
    char part[64];
    while (const auto size = text.read(part, sizeof part))
        all.append(part, size);
    return all;
}

std::string utf16(const std::u16string& text, bool little)
{
    std::string bytes;
    for (const auto unit : text) {
        const char low = static_cast<char>(unit & 0xFF);
        const char high = static_cast<char>(unit >> 8);
        bytes += little ? std::string{low, high} : std::string{high, low};
    }
    return bytes;
}

} // namespace

BOOST_AUTO_TEST_SUITE(decoding)

BOOST_AUTO_TEST_CASE(a_byte_order_mark_tells_the_encoding_and_is_no_text)
{
    BOOST_TEST(decoded("\xEF\xBB\xBFID;Größe") == "ID;Größe");
    BOOST_TEST(decoded(utf16(u"\uFEFFID;Größe 😀", true)) == "ID;Größe 😀");
    BOOST_TEST(decoded(utf16(u"\uFEFFID;Größe 😀", false), "windows-1252") == "ID;Größe 😀");
    BOOST_TEST(decoded("").empty());
    BOOST_TEST(decoded("\xEF\xBB\xBF").empty());
}

BOOST_AUTO_TEST_CASE(without_a_mark_the_configured_encoding_counts_or_utf8)
{
    BOOST_TEST(decoded("Gr\xF6\xDF"
                       "e",
                       "windows-1252") == "Größe");
    BOOST_TEST(decoded(utf16(u"Größe", true), "utf-16le") == "Größe");
    BOOST_TEST(decoded("Größe") == "Größe");
}

BOOST_AUTO_TEST_CASE(characters_may_be_cut_anywhere)
{
    std::string text;
    for (int i = 0; i < 20'000; ++i)
        text += "aß€😀";
    for (const std::size_t piece : {1U, 3U, 7U, 16384U})
        BOOST_TEST((decoded(text, "utf-8", piece) == text));
}

BOOST_AUTO_TEST_CASE(what_is_no_text_is_marked_and_nothing_around_it_is_lost)
{
    BOOST_TEST(decoded("a\xC3,b") == "a\xFF,b");
    BOOST_TEST(decoded("a\x81,b", "windows-1252") == "a\xFF,b");
    BOOST_TEST(decoded(utf16(u"a\xD800,b", true), "utf-16le") == "a\xFF,b");
    BOOST_TEST(decoded("ab\xE2\x82") == "ab\xFF\xFF");
    BOOST_TEST(holds_garbage("a\xFF"));
    BOOST_TEST(holds_garbage("\xF4\x90\x80\x80"));
    BOOST_TEST(holds_garbage(std::string_view("a\0b", 3)));
    BOOST_TEST(!holds_garbage("aß€😀\xF4\x8F\xBF\xBF"));
}

BOOST_AUTO_TEST_CASE(an_encoding_is_known_or_not)
{
    BOOST_TEST(is_known_encoding("windows-1250"));
    BOOST_TEST(!is_known_encoding("windows-99"));
    BOOST_TEST(!is_known_encoding("utf-8//IGNORE"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::csv
