#include "connectors/catalog/markdown.hpp"

namespace testdome_sync::catalog {
namespace {

constexpr const char* head = R"(# Connectors

<!-- Generated from the presets by `testdome-sync connectors --markdown`; `./dev docs` writes it anew. -->

Each of these HR systems has a preset: a mapping file says `connector: NAME`, gives credentials, and has rules.
`testdome-sync init NAME` writes a mapping file to begin with; `testdome-sync connectors NAME` explains one. Another HR system with an HTTP API
is described in the mapping file itself (`connector: rest`) or in a preset of your own ([presets.md](presets.md)). One that writes files, is a database, or
is reached by a program of yours has a connector: [csv](#csv), [sql](#sql), [exec](#exec), beside [rest](#rest); `connectors` and `init` know these, too.

)";

constexpr const char* legend = R"(
What happens when the answer to a write-back is lost, so that nobody knows whether it was carried out: **looked up** means that the HR system is asked
whether it is there before anything is sent again; **repeated** means that doing it again does no harm; **a person decides** means that it
is never repeated, and is shown by `testdome-sync status` and `show` until somebody looks. **–** means that the system (or its preset) has no such action.

)";

/// A cell: one line, without what would end it.
std::string cell(const std::string& text)
{
    std::string safe;
    for (const char c : text) {
        if (c == '|')
            safe += '\\';
        safe += c == '\n' ? ' ' : c;
    }
    return safe;
}

std::string row(const std::vector<std::string>& cells)
{
    std::string line = "|";
    for (const auto& one : cells)
        line += ' ' + cell(one) + " |";
    return line + '\n';
}

std::string ruler(std::size_t columns)
{
    std::string line = "|";
    for (std::size_t i = 0; i < columns; ++i)
        line += " --- |";
    return line + '\n';
}

std::string action_cell(const fact_sheet& sheet, const std::string& action)
{
    const auto* there = sheet.find_action(action);
    return there ? in_words(there->repetition) : "–";
}

std::string system_cell(const fact_sheet& sheet)
{
    return sheet.summary.substr(0, sheet.summary.find(','));
}

std::string stages_cell(const fact_sheet& sheet)
{
    return !sheet.has_stages ? "–" : sheet.lists_stages ? "yes, checked" : "yes";
}

/// Which of its actions can be read back.
std::string read_back_cell(const fact_sheet& sheet)
{
    std::string names;
    for (const auto& one : sheet.actions)
        if (one.repetition == after_a_doubt::looks_up)
            names += (names.empty() ? "" : ", ") + one.name;
    return names.empty() ? "–" : names;
}

std::string source_cell(const fact_sheet& sheet)
{
    if (!sheet.documentation.empty())
        return "[documentation](" + sheet.documentation + ')';
    return sheet.sources.empty() ? "–" : sheet.sources.front();
}

std::string unverified_cell(const fact_sheet& sheet)
{
    const auto count = sheet.unverified.size();
    return count == 0 ? "–" : '[' + std::to_string(count) + "](#" + sheet.name + ')';
}

/// The table that README.md shows, too.
std::string systems_table(const std::vector<fact_sheet>& sheets)
{
    std::string text = "<!-- systems -->\n";
    const std::vector<std::string> columns{"preset", "HR system", "note", "field", "tag", "move_stage", "reject"};
    text += row(columns) + ruler(columns.size());
    for (const auto& one : sheets) {
        std::vector<std::string> cells{'`' + one.name + '`', system_cell(one)};
        for (const auto* action : usual_actions)
            cells.push_back(action_cell(one, action));
        text += row(cells);
    }
    return text + "<!-- end of systems -->\n";
}

std::string access_table(const std::vector<fact_sheet>& sheets)
{
    const std::vector<std::string> columns{"preset",    "sign-in",    "new applications", "stages in rules",
                                           "read back", "rate limit", "source of facts",  "unverified"};
    std::string text = row(columns) + ruler(columns.size());
    for (const auto& one : sheets)
        text += row({'`' + one.name + '`', one.sign_in, one.reading, stages_cell(one), read_back_cell(one), one.limits,
                     source_cell(one), unverified_cell(one)});
    return text;
}

std::string list_of(const std::string& title, const std::vector<std::string>& items)
{
    std::string text;
    for (const auto& item : items)
        text += "- " + item + '\n';
    return text.empty() ? text : "\n" + title + "\n\n" + text;
}

/// Of a connector that is no preset: how it works, and its keys.
std::string keys_table(const fact_sheet& sheet)
{
    if (sheet.settings.empty())
        return {};
    const std::vector<std::string> columns{"key", "type", "without it", "meaning"};
    auto text = list_of("How it works", {"where it is: " + sheet.address, "sign-in: " + sheet.sign_in,
                                         "reads: " + sheet.reading, "limits: " + sheet.limits}) +
                '\n' + row(columns) + ruler(columns.size());
    for (const auto& one : sheet.settings)
        text += row({'`' + one.name + '`', one.type, one.requirement, one.description});
    return text;
}

std::string section(const fact_sheet& sheet)
{
    std::string text = "\n## " + sheet.name + "\n\n" + sheet.summary + ".\n" + keys_table(sheet);
    std::vector<std::string> items;
    for (const auto& one : sheet.actions)
        items.push_back('`' + one.name + "`: " + (one.description.empty() ? "" : one.description + "; ") +
                        (one.caveat.empty() ? "" : one.caveat + "; ") +
                        "after a lost answer: " + in_words(one.repetition));
    for (const auto& one : sheet.lacks)
        items.push_back("no `" + one.name + '`' + (one.why.empty() ? "" : ": " + one.why));
    text += list_of("Actions for `write_back:`", items);
    items.clear();
    for (const auto& one : sheet.parameters)
        items.push_back('`' + one.name + '`' + (one.required ? "" : " (optional)") +
                        (one.description.empty() ? "" : ": " + one.description));
    text += list_of("Credentials", items);
    items.clear();
    for (const auto& scope : sheet.scopes)
        items.push_back(sheet.settings.empty() ? '`' + scope + '`' : scope);
    text += list_of("To grant", items);
    text += list_of("Good to know", sheet.caveats);
    items.clear();
    for (const auto& one : sheet.unverified)
        items.push_back(one.fact + " (otherwise: `" + one.key + "`)");
    text += list_of("Unverified; what is wrong can be written otherwise in the mapping file", items);
    return text + list_of("Facts from", sheet.sources);
}

} // namespace

std::string markdown(const std::vector<fact_sheet>& sheets, const std::vector<fact_sheet>& connectors)
{
    auto text = head + systems_table(sheets) + legend + access_table(sheets);
    for (const auto& one : connectors)
        text += section(one);
    for (const auto& one : sheets)
        text += section(one);
    return text;
}

} // namespace testdome_sync::catalog
