#include "daemon/event_reference.hpp"

#include "sync/events.hpp"

#include <array>
#include <functional>
#include <string_view>

namespace testdome_sync::daemon {
namespace {

constexpr std::array<std::string_view, 4> level_names{"debug", "info", "warning", "error"};

std::string in_capitals(std::string_view name)
{
    std::string made;
    for (const char c : name)
        made += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return made;
}

/// The sentences with each `{field}` as `shown` has it.
std::string with_fields(std::string_view sentences, const std::function<std::string(std::string_view)>& shown)
{
    std::string made;
    for (;;) {
        const auto begin = sentences.find('{');
        made += sentences.substr(0, begin);
        if (begin == std::string_view::npos)
            return made;
        const auto end = sentences.find('}', begin);
        made += shown(sentences.substr(begin + 1, end - begin - 1));
        sentences.remove_prefix(end + 1);
    }
}

/// Lines of at most so many bytes, where the words allow it.
std::string wrapped(std::string_view text)
{
    constexpr std::size_t width = 100;
    std::string made;
    while (text.size() > width) {
        auto cut = text.rfind(' ', width);
        if (cut == std::string_view::npos)
            cut = text.find(' ');
        if (cut == std::string_view::npos)
            break;
        made.append(text.substr(0, cut)).append(1, '\n');
        text.remove_prefix(cut + 1);
    }
    return made.append(text).append(1, '\n');
}

/// `mapping`, `test?` → "`mapping`, sometimes `test`"
std::string fields_in_words(std::string_view fields)
{
    std::string made;
    while (!fields.empty()) {
        const auto end = fields.find(' ');
        auto name = fields.substr(0, end);
        made += made.empty() ? "" : ", ";
        if (name.ends_with('?')) {
            name.remove_suffix(1);
            made += "sometimes ";
        }
        made.append(1, '`').append(name).append(1, '`');
        fields.remove_prefix(end == std::string_view::npos ? fields.size() : end + 1);
    }
    return made.empty() ? "none" : made;
}

} // namespace

std::string message_catalog()
{
    std::string made =
        "# Message catalog of testdome-sync (journalctl -x): made by the program of its own table of events.\n";
    const auto of_the_journal = [](std::string_view field) { return "@TDS_" + in_capitals(field) + '@'; };
    for (const auto& type : sync::event_types) {
        made.append("\n-- ").append(type.message_id).append("\nSubject: testdome-sync: ").append(type.name);
        made += "\nDefined-By: testdome-sync\nSupport: file:///usr/share/doc/testdome-sync/log-events.md\n";
        for (const auto sentences : {type.happened, type.means, type.remedy})
            made += '\n' + wrapped(with_fields(sentences, of_the_journal));
    }
    return made;
}

std::string event_reference()
{
    std::string made = R"(# Log events

What the program tells, one event a line. `./dev docs` makes this page of the table of events (sync/event_types.hpp), as the build
makes the journal's message catalog; so neither can tell of an event that there isn't.

Names and message ids stay the same between versions. In the journal an event has `TDS_EVENT`, and each field in capitals behind `TDS_`;
on a terminal and in JSON lines, fields have the names below. Addresses are masked (`log.personal_data`).

    journalctl -t testdome-sync -x                            # with an explanation of each event
    journalctl -t testdome-sync TDS_APPLICATION=4711          # the whole story of one application
    journalctl -t testdome-sync TDS_MAPPING=engineering -p warning
    journalctl -t testdome-sync TDS_EVENT=invitation.sent --since today

Level debug is told with `log: {level: debug}` only.

| event | level | what happened |
| --- | --- | --- |
)";
    for (const auto& type : sync::event_types)
        made.append("| `")
            .append(type.name)
            .append("` | ")
            .append(level_names[static_cast<std::size_t>(type.level)])
            .append(" | ")
            .append(type.happened)
            .append(" |\n");
    const auto in_a_command = [](std::string_view field) { return in_capitals(field); };
    for (const auto& type : sync::event_types) {
        made.append("\n## ").append(type.name).append("\n\n");
        made.append(level_names[static_cast<std::size_t>(type.level)])
            .append(" · message id `")
            .append(type.message_id);
        made.append("` · fields: ").append(fields_in_words(type.fields)).append("\n");
        made.append("\n").append(type.happened).append(" ").append(with_fields(type.means, in_a_command)).append("\n");
        if (type.remedy != sync::nothing_to_do)
            made.append("\n**To do:** ").append(with_fields(type.remedy, in_a_command)).append("\n");
    }
    return made;
}

} // namespace testdome_sync::daemon
