#include "config/source.hpp"

namespace testdome_sync::config {

std::string_view source::line(std::uint32_t number) const
{
    std::string_view rest = text;
    for (std::uint32_t current = 1; current < number; ++current) {
        const auto end = rest.find('\n');
        if (end == std::string_view::npos)
            return {};
        rest.remove_prefix(end + 1);
    }
    rest = rest.substr(0, rest.find('\n'));
    if (!rest.empty() && rest.back() == '\r')
        rest.remove_suffix(1);
    return rest;
}

std::string position::text() const
{
    return (file ? file->name : std::string("?")) + ':' + std::to_string(line) + ':' + std::to_string(column);
}

} // namespace testdome_sync::config
