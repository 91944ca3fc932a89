#include "connectors/catalog/explanation.hpp"

#include "connectors/catalog/starting_mapping.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace testdome_sync::catalog {
namespace json = boost::json;
namespace {

struct entry {
    std::string name;
    std::string text;
};

/// A title, and entries whose names stand in a column of their own; nothing if there are none.
std::string section(const std::string& title, const std::vector<entry>& entries)
{
    if (entries.empty())
        return {};
    std::size_t width = 0;
    for (const auto& one : entries)
        width = std::max(width, one.name.size());
    std::string text = '\n' + title + ":\n";
    for (const auto& one : entries) {
        auto line = "  " + one.name;
        if (!one.text.empty())
            line += std::string(width - one.name.size() + 2, ' ') + one.text;
        text += line + '\n';
    }
    return text;
}

std::vector<entry> bare(const std::vector<std::string>& texts)
{
    std::vector<entry> all;
    for (const auto& text : texts)
        all.push_back({"- " + text, ""});
    return all;
}

std::string after_a_lost_answer(after_a_doubt repetition)
{
    switch (repetition) {
    case after_a_doubt::repeats: return "after a lost answer it is repeated, which does no harm";
    case after_a_doubt::looks_up: return "after a lost answer the HR system is asked whether it is there";
    case after_a_doubt::asks: return "after a lost answer it is not repeated: a person decides";
    case after_a_doubt::depends: return "after a lost answer: as it is described, else a person decides";
    }
    return {};
}

std::vector<entry> actions_of(const fact_sheet& sheet)
{
    std::vector<entry> all;
    for (const auto& one : sheet.actions) {
        all.push_back({one.name, one.description});
        if (!one.caveat.empty())
            all.push_back({"", one.caveat});
        all.push_back({"", after_a_lost_answer(one.repetition)});
    }
    return all;
}

std::string indented(const std::string& text)
{
    std::string all;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = text.find('\n', begin);
        const auto line = text.substr(begin, end - begin);
        all += line.empty() ? "\n" : "  " + line + '\n';
        begin = end == std::string::npos ? text.size() : end + 1;
    }
    return all;
}

json::array texts(const std::vector<std::string>& list)
{
    return json::array(list.begin(), list.end());
}

} // namespace

std::string explanation(const fact_sheet& sheet)
{
    std::vector<entry> settings, credentials, lacking, unverified;
    for (const auto& one : sheet.settings) {
        settings.push_back({one.name, one.description.empty() ? one.type : one.description});
        const auto form = one.description.empty() ? std::string{} : one.type;
        settings.push_back({"", form + (form.empty() || one.requirement.empty() ? "" : "; ") + one.requirement});
    }
    for (const auto& one : sheet.parameters)
        credentials.push_back({one.name, (one.required ? "" : "(optional) ") + one.description});
    for (const auto& one : sheet.lacks)
        lacking.push_back({one.name, one.why});
    for (const auto& one : sheet.unverified)
        unverified.push_back({"- " + one.fact + " (otherwise: " + one.key + ')', ""});
    auto sources = sheet.sources;
    if (!sheet.documentation.empty())
        sources.insert(sources.begin(), sheet.documentation);
    const std::string stages = !sheet.has_stages    ? "rules can't use stages"
                               : sheet.lists_stages ? "rules can use .stage.name; check --online knows the names"
                                                    : "rules can use .stage.name";
    return sheet.name + ": " + sheet.summary + '\n' +
           section("how it works", {{"address", sheet.address},
                                    {"sign-in", sheet.sign_in},
                                    {"reads", sheet.reading},
                                    {"stages", stages},
                                    {"requests", sheet.limits}}) +
           section("keys of the mapping file", settings) + section("credentials", credentials) +
           section("actions for write_back", actions_of(sheet)) + section("not here", lacking) +
           section("scopes to grant", bare(sheet.scopes)) + section("good to know", bare(sheet.caveats)) +
           section("unverified; if wrong, write the key otherwise in the mapping file", unverified) +
           section("facts from", bare(sources)) + "\nexample mapping (testdome-sync init " + sheet.name +
           " writes it):\n\n" + indented(starting_mapping(sheet));
}

json::object to_json(const fact_sheet& sheet)
{
    json::array settings, parameters, actions, lacks, unverified;
    for (const auto& one : sheet.settings)
        settings.push_back({{"name", one.name},
                            {"type", one.type},
                            {"requirement", one.requirement},
                            {"description", one.description}});
    for (const auto& one : sheet.parameters)
        parameters.push_back({{"name", one.name}, {"required", one.required}, {"description", one.description}});
    for (const auto& one : sheet.actions)
        actions.push_back({{"name", one.name},
                           {"description", one.description},
                           {"caveat", one.caveat},
                           {"after_a_lost_answer", in_words(one.repetition)}});
    for (const auto& one : sheet.lacks)
        lacks.push_back({{"name", one.name}, {"why", one.why}});
    for (const auto& one : sheet.unverified)
        unverified.push_back({{"fact", one.fact}, {"key", one.key}});
    return {{"name", sheet.name},
            {"summary", sheet.summary},
            {"url", sheet.url},
            {"address", sheet.address},
            {"settings", std::move(settings)},
            {"sign_in", sheet.sign_in},
            {"reading", sheet.reading},
            {"limits", sheet.limits},
            {"parameters", std::move(parameters)},
            {"actions", std::move(actions)},
            {"lacks", std::move(lacks)},
            {"scopes", texts(sheet.scopes)},
            {"caveats", texts(sheet.caveats)},
            {"unverified", std::move(unverified)},
            {"documentation", sheet.documentation},
            {"sources", texts(sheet.sources)},
            {"example", starting_mapping(sheet)}};
}

} // namespace testdome_sync::catalog
