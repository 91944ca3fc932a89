#pragma once

#include "config/node.hpp"
#include "config/problems.hpp"

#include <string>
#include <vector>

namespace testdome_sync::catalog {

/// What write-back usually wants of an HR system, in the order in which people ask for it.
inline constexpr const char* usual_actions[] = {"note", "field", "tag", "move_stage", "reject"};

/// What the engine does with an action whose answer was lost.
enum class after_a_doubt {
    repeats,  ///< it is idempotent
    looks_up, ///< whether it was carried out, by `already:`
    asks,     ///< a person decides
    depends,  ///< any of these: the mapping or the program says
};

struct action_facts {
    std::string name;
    std::string description;
    std::string example; ///< how its value is written in a mapping file
    after_a_doubt repetition = after_a_doubt::asks;
    std::string caveat; ///< what a mapping that uses it should know; empty: nothing
};

/// One value that `credentials:` must or may give.
struct parameter_facts {
    std::string name;
    std::string description;
    bool required = true;
    bool secret = true;
    std::string example; ///< its value as a mapping file may have it, or the default; empty for secrets
};

/// One key of a mapping file for a connector that is no preset.
struct setting_facts {
    std::string name; ///< as in `database.timeout`; NAME where the mapping gives names of its own
    std::string type;
    std::string requirement; ///< `required`, `required for …`, or what holds without it; empty: nothing
    std::string description;
};

/// Something that a preset assumes without having seen it in the HR system's own documentation.
struct unverified_fact {
    std::string fact;
    std::string key; ///< `application.url`: what to write otherwise in the mapping file
};

/// An action that the HR system does not have, and why.
struct lacking_action {
    std::string name;
    std::string why;
};

/// What a person wants to know of a preset, or of a connector that a mapping describes by itself: taken from its file
/// as it stands, without credentials.
struct fact_sheet {
    std::string name;
    std::string summary;
    std::string documentation;
    std::vector<std::string> sources;
    std::vector<std::string> scopes;
    std::vector<std::string> caveats;
    std::vector<parameter_facts> parameters;
    std::vector<unverified_fact> unverified;
    std::string url;           ///< empty: each company has its own, so the mapping file gives it
    std::string address;       ///< where the HR system is, in words
    bool is_database = false;  ///< spoken to in SQL: a mapping says where it is with `database:`
    std::string sign_in;       ///< in words
    std::string reading;       ///< how new applications are found, in words
    std::string limits;        ///< how many requests are sent at most, in words
    bool has_stages = false;   ///< `.stage.name` can be used in rules
    bool lists_stages = false; ///< and `check --online` knows their names
    std::vector<action_facts> actions;
    std::vector<lacking_action> lacks;   ///< of the usual actions, those that there are not
    std::vector<setting_facts> settings; ///< empty: a preset
    std::string example;                 ///< a whole mapping file; empty: one is made of the rest

    const action_facts* find_action(const std::string& action) const;
};

/// Mistakes in what is only for people (`unverified`, `lacks` …) become problems; the rest is the REST connector's to
/// judge.
fact_sheet read_fact_sheet(const std::string& name, const config::node& preset, config::problems& found);

/// `looked up`, `repeated`, `a person decides` or `as described`.
std::string in_words(after_a_doubt repetition);

} // namespace testdome_sync::catalog
