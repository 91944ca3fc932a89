#include "connectors/csv/rows.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace testdome_sync::csv {
namespace {

/// The text in pieces of `size` bytes, as a slow disk gives it.
byte_source pieces(std::string text, std::size_t size)
{
    return [text = std::move(text), size, at = std::size_t{0}](char* into, std::size_t room) mutable {
        const auto count = std::min({size, room, text.size() - at});
        std::copy_n(text.data() + at, count, into);
        at += count;
        return count;
    };
}

/// `1[a|b] 3!`: rows with their lines; `!` is a row that can't be understood, `?` a quote without its end.
std::string read_all(const std::string& text, char separator = ',', std::size_t piece = 16 * 1024)
{
    line_reader lines(pieces(text, piece));
    row_reader rows(lines, separator);
    std::string all;
    while (const auto row = rows.next()) {
        all += (all.empty() ? "" : " ") + std::to_string(row->line);
        if (!row->problem.empty()) {
            all += '!';
            continue;
        }
        std::string fields;
        for (const auto& field : row->fields)
            fields += (&field == &row->fields.front() ? "" : "|") + field;
        all += '[' + fields + ']';
    }
    if (rows.unclosed_quote())
        all += (all.empty() ? "" : " ") + std::to_string(*rows.unclosed_quote()) + '?';
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rows)

BOOST_AUTO_TEST_CASE(rows_end_with_any_line_end_and_the_last_needs_none)
{
    BOOST_TEST(read_all("a,b\r\nc,d\ne,f\rg,h") == "1[a|b] 2[c|d] 3[e|f] 4[g|h]");
    BOOST_TEST(read_all("a,b\n\n\r\nc,d\n") == "1[a|b] 4[c|d]");
    BOOST_TEST(read_all("").empty());
}

BOOST_AUTO_TEST_CASE(quotes_keep_separators_line_ends_and_doubled_quotes)
{
    BOOST_TEST(read_all("\"a,b\",\"c\r\nd\",\"e\"\"f\",\"\"\nx,y,z,\n") == "1[a,b|c\r\nd|e\"f|] 3[x|y|z|]");
    BOOST_TEST(read_all("a;\"b;c\"\n", ';') == "1[a|b;c]");
    BOOST_TEST(read_all("a\tb\n", '\t') == "1[a|b]");
}

BOOST_AUTO_TEST_CASE(blanks_belong_to_their_field)
{
    BOOST_TEST(read_all(" a , b\n") == "1[ a | b]");
}

BOOST_AUTO_TEST_CASE(it_does_not_matter_how_the_text_is_cut_into_pieces)
{
    const std::string text = "a,\"b\r\n\"\"c\"\r\n\r\nd,e\rf,g\n\"x\"y,z\nh,i";
    const auto whole = read_all(text);
    for (std::size_t piece = 1; piece < 8; ++piece)
        BOOST_TEST(read_all(text, ',', piece) == whole);
}

BOOST_AUTO_TEST_CASE(a_quote_within_a_field_costs_its_own_row_only)
{
    BOOST_TEST(read_all("a,b\n1,5\" disk\n2,x\n\"3\"y,z\n4,w\n") == "1[a|b] 2! 3[2|x] 4! 5[4|w]");
}

BOOST_AUTO_TEST_CASE(a_quote_that_is_not_closed_costs_its_own_row_and_not_those_up_to_the_next_quote)
{
    BOOST_TEST(read_all("1,\"Ada,a\n2,Bob,b\n3,\"Carl\",c\n4,Dan,d\n") == "1! 2[2|Bob|b] 3[3|Carl|c] 4[4|Dan|d]");
}

BOOST_AUTO_TEST_CASE(lines_within_quotes_never_become_rows_when_the_mistake_is_elsewhere)
{
    BOOST_TEST(read_all("1,\"hello\n99,Eve,e\nbye\",5\" tall\n2,Bob,b\n") == "1! 4[2|Bob|b]");
}

BOOST_AUTO_TEST_CASE(a_quote_that_is_open_at_the_end_is_told_with_its_line)
{
    BOOST_TEST(read_all("a,b\n1,\"x\ny\n") == "1[a|b] 2?");
    BOOST_TEST(read_all("\"") == "1?");
}

BOOST_AUTO_TEST_CASE(a_row_without_bounds_is_passed_over)
{
    const std::string long_text(2 * row_reader::row_limit_bytes, 'x');
    BOOST_TEST(read_all("1," + long_text + "\n2,y\n") == "1! 2[2|y]");
    BOOST_TEST(read_all("1,\"" + long_text + "\n" + long_text + "\"\n2,y\n") == "1! 3[2|y]");
}

BOOST_AUTO_TEST_CASE(whole_rows_are_told_from_what_breaks_off)
{
    const auto whole = [](const std::string& text) {
        line_reader lines(pieces(text, 3));
        row_reader rows(lines, ',');
        while (rows.next()) {
        }
        return rows.whole_bytes();
    };
    BOOST_TEST(whole("a,b\r\nc,d\r\n") == 10U);
    BOOST_TEST(whole("a,b\r\nc,d") == 5U);
    BOOST_TEST(whole("a,b\r\n\"c\r\nd") == 5U);
    BOOST_TEST(whole("a,b\r\n\"c\"d") == 5U);
    BOOST_TEST(whole("a,\"b\nc,\"d\"\ne,f\n") == 15U);
}

BOOST_AUTO_TEST_CASE(the_header_line_tells_the_separator)
{
    BOOST_TEST(separator_of("a,b;c,d") == ',');
    BOOST_TEST(separator_of("a;\"x,y,z\";c") == ';');
    BOOST_TEST(separator_of("a\tb") == '\t');
    BOOST_TEST(separator_of("ID") == ',');
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_again)
{
    const std::vector<std::string> fields{"", "a,b", "c\"d", "e\r\nf", " g ", "ü"};
    BOOST_TEST(read_all(row_text(fields, ',')) == "1[|a,b|c\"d|e\r\nf| g |ü]");
    BOOST_TEST(row_text({"a", "b"}, ';') == "\"a\";\"b\"\r\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::csv
