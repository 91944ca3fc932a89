#include "daemon/table.hpp"

#include <algorithm>

namespace testdome_sync::daemon {
namespace {

constexpr std::size_t widest = 60;

/// Characters, not bytes: a byte that continues a UTF-8 sequence takes no room.
std::size_t width_of(const std::string& text)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string cell(const std::string& text)
{
    std::string shown;
    std::size_t width = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0) != 0x80 && ++width > widest)
            return shown + "…";
        shown += byte < 0x20 || byte == 0x7F ? ' ' : c;
    }
    return shown;
}

} // namespace

std::string table::text() const
{
    std::vector<std::size_t> widths(rows_.front().size(), 0);
    for (const auto& row : rows_)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], width_of(cell(row[i])));
    std::string all;
    for (const auto& row : rows_) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const auto shown = cell(row[i]);
            line += shown;
            if (i + 1 < row.size())
                line.append(widths[i] - width_of(shown) + 2, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        all += line + '\n';
    }
    return all;
}

} // namespace testdome_sync::daemon
