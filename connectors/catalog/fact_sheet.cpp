#include "connectors/catalog/fact_sheet.hpp"

#include "connectors/catalog/wording.hpp"

#include <algorithm>

namespace testdome_sync::catalog {
namespace {

std::string text_at(const config::node& of, std::string_view key)
{
    const auto* value = of.find(key);
    return value && value->kind == config::node_kind::scalar ? value->text : std::string{};
}

/// A list of texts, or one text.
std::vector<std::string> texts_at(const config::node& of, std::string_view key)
{
    std::vector<std::string> all;
    const auto* value = of.find(key);
    if (!value)
        return all;
    if (value->kind == config::node_kind::scalar)
        all.push_back(value->text);
    for (const auto& item : value->items)
        all.push_back(item.text);
    return all;
}

std::string example_of(const config::node& parameter)
{
    const auto example = text_at(parameter, "example");
    return example.empty() ? text_at(parameter, "default") : example;
}

std::vector<parameter_facts> read_parameters(const config::node& preset)
{
    std::vector<parameter_facts> all;
    if (const auto* parameters = preset.find("parameters"))
        for (const auto& [key, value] : parameters->members)
            all.push_back({key.text, text_at(value, "description"),
                           text_at(value, "required") != "false" && !value.find("default"),
                           text_at(value, "secret") != "false", example_of(value)});
    return all;
}

after_a_doubt repetition_of(const config::node& action)
{
    if (action.kind == config::node_kind::scalar) // of a program, as its mapping says
        return action.text == "idempotent"  ? after_a_doubt::repeats
               : action.text == "checkable" ? after_a_doubt::looks_up
                                            : after_a_doubt::asks;
    const auto told = text_at(action, "after_a_lost_answer"); // of a connector's own
    for (const auto one : {after_a_doubt::repeats, after_a_doubt::looks_up, after_a_doubt::depends})
        if (told == in_words(one))
            return one;
    if (text_at(action, "idempotent") == "true")
        return after_a_doubt::repeats;
    return action.find("already") ? after_a_doubt::looks_up : after_a_doubt::asks;
}

std::vector<action_facts> read_actions(const config::node& preset)
{
    std::vector<action_facts> all;
    if (const auto* actions = preset.find("actions"))
        for (const auto& [key, value] : actions->members)
            all.push_back({key.text, text_at(value, "description"), text_at(value, "example"), repetition_of(value),
                           text_at(value, "caveat")});
    return all;
}

std::string requirement_of(const config::node& setting)
{
    const auto required = text_at(setting, "required");
    if (required.empty()) {
        const auto otherwise = text_at(setting, "default");
        return otherwise.empty() ? otherwise : "default: " + otherwise;
    }
    return required == "true" ? "required" : "required " + required;
}

std::vector<setting_facts> read_settings(const config::node& of)
{
    std::vector<setting_facts> all;
    if (const auto* settings = of.find("settings"))
        for (const auto& [key, value] : settings->members)
            all.push_back({key.text, text_at(value, "type"), requirement_of(value), text_at(value, "description")});
    return all;
}

std::string in_words_or(const config::node& of, std::string_view key, std::string otherwise)
{
    const auto told = text_at(of, key);
    return told.empty() ? otherwise : told;
}

/// Whether the preset has a value of this key, as in `actions.note.request`.
bool has_key(const config::node& preset, const std::string& key)
{
    const auto* part = &preset;
    for (std::size_t begin = 0; part && begin <= key.size();) {
        const auto end = std::min(key.find('.', begin), key.size());
        part = part->find(key.substr(begin, end - begin));
        begin = end + 1;
    }
    return part != nullptr;
}

std::vector<unverified_fact> read_unverified(const config::node& preset, config::problems& found)
{
    std::vector<unverified_fact> all;
    const auto* list = preset.find("unverified");
    if (!list)
        return all;
    if (list->kind != config::node_kind::sequence)
        found.add(list->where, "\"unverified\" is a list of {fact: …, key: …}");
    for (const auto& item : list->items) {
        unverified_fact one{text_at(item, "fact"), text_at(item, "key")};
        if (one.fact.empty() || one.key.empty())
            found.add(item.where,
                      "something unverified needs \"fact\" and \"key\": what to write otherwise if it is wrong");
        else if (!has_key(preset, one.key))
            found.add(item.find("key")->where, "the preset has no \"" + one.key + "\" that could be written otherwise");
        all.push_back(std::move(one));
    }
    return all;
}

std::vector<lacking_action> read_lacks(const config::node& preset, const fact_sheet& sheet, config::problems& found)
{
    const auto* written = preset.find("lacks");
    std::vector<lacking_action> all;
    for (const std::string usual : usual_actions)
        if (!sheet.find_action(usual))
            all.push_back({usual, written ? text_at(*written, usual) : std::string{}});
    if (written)
        for (const auto& [key, value] : written->members)
            if (std::ranges::count(all, key.text, &lacking_action::name) == 0)
                found.add(key.where, sheet.find_action(key.text)
                                         ? "the preset has this action"
                                         : "\"lacks\" says why there is no note, field, tag, move_stage or reject");
    return all;
}

} // namespace

const action_facts* fact_sheet::find_action(const std::string& action) const
{
    const auto there = std::ranges::find(actions, action, &action_facts::name);
    return there == actions.end() ? nullptr : &*there;
}

fact_sheet read_fact_sheet(const std::string& name, const config::node& preset, config::problems& found)
{
    fact_sheet made;
    made.name = name;
    made.summary = text_at(preset, "summary");
    made.documentation = text_at(preset, "documentation");
    made.sources = texts_at(preset, "sources");
    made.scopes = texts_at(preset, "scopes");
    made.caveats = texts_at(preset, "caveats");
    made.parameters = read_parameters(preset);
    made.unverified = read_unverified(preset, found);
    made.url = text_at(preset, "url");
    made.is_database = text_at(preset, "connector") == "sql";
    made.address = in_words_or(preset, "address",
                               made.is_database   ? "given as database in the mapping file"
                               : made.url.empty() ? "given as url in the mapping file"
                                                  : made.url);
    made.sign_in =
        in_words_or(preset, "sign_in", made.is_database ? "database user" : sign_in_in_words(preset.find("auth")));
    made.reading = in_words_or(preset, "reading", reading_in_words(preset));
    made.limits =
        in_words_or(preset, "limits", made.is_database ? "one connection" : limits_in_words(preset.find("rate_limit")));
    made.settings = read_settings(preset);
    const auto* application = preset.find("application");
    made.has_stages = !made.settings.empty() || (application && application->find("stage"));
    made.lists_stages = preset.find("stage_names") != nullptr;
    made.actions = read_actions(preset);
    if (made.settings.empty())
        made.lacks = read_lacks(preset, made, found);
    return made;
}

std::string in_words(after_a_doubt repetition)
{
    switch (repetition) {
    case after_a_doubt::repeats: return "repeated";
    case after_a_doubt::looks_up: return "looked up";
    case after_a_doubt::asks: return "a person decides";
    case after_a_doubt::depends: return "as described";
    }
    return {};
}

} // namespace testdome_sync::catalog
