#include "config/jq.hpp"

#include "config/evaluation_watch.hpp"
#include "config/expression_text.hpp"
#include "config/jq_program.hpp"
#include "config/jq_value.hpp"
#include "config/plain_expression.hpp"
#include "config/used_members.hpp"

extern "C" {
#include <jq.h>
}

#include <boost/throw_exception.hpp>

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <stdexcept>
#include <tuple>

namespace testdome_sync::config {
namespace {

constexpr std::size_t output_limit = 1'000'000;
constexpr std::size_t answer_limit_bytes = 32 * 1024 * 1024; ///< twice what an HTTP answer may have
constexpr int most_stops_in_a_row = 3;

/// jq's runtime messages quote the data, which may be a name or an address: only the type is kept.
std::string without_data(const std::string& message)
{
    static const std::regex quoted(R"((string|number|array|object|boolean|null) \(.*?\)(?= |$))");
    static const std::regex parsed(R"( \(while parsing '[^]*'\)$)"); // tonumber, fromjson
    static const std::regex date(R"(^date "[^]*" does not match)");  // strptime
    return std::regex_replace(std::regex_replace(std::regex_replace(message, quoted, "$1"), parsed, ""), date,
                              "the text does not match");
}

/// The outputs up to `limit`; with `all`, a further one is a failure.
evaluated<std::vector<boost::json::value>> outputs_of(jq_state* state, jv input, std::size_t limit, bool all)
{
    std::vector<boost::json::value> outputs;
    auto room = answer_limit_bytes;
    jq_start(state, input, 0);
    for (;;) {
        const jv output = jq_next(state);
        if (jv_is_valid(output)) {
            outputs.push_back(from_jv(output, room));
            if (outputs.size() < limit)
                continue;
            if (all)
                throw answer_too_large{};
            return outputs;
        }
        if (!jv_invalid_has_msg(jv_copy(output))) {
            jv_free(output);
            return outputs;
        }
        const auto message = from_jv(jv_invalid_get_msg(output), room);
        return evaluation_failure{message.is_string() ? without_data(std::string(message.get_string()))
                                                      : "the expression raised an error"};
    }
}

} // namespace

void throw_exception_from_error(const evaluation_failure& failure, const boost::source_location& where)
{
    boost::throw_exception(std::runtime_error(failure.reason), where);
}

struct jq_library::implementation {
    struct entry {
        std::string text;
        position where;
        std::optional<plain_expression> plain;
        std::optional<std::vector<std::string>> members; ///< of the document, that libjq needs; nothing: all
        bool allowed = true;                             ///< holds no forbidden word
        std::size_t index = 0;                           ///< in the program
        int stops_in_a_row = 0;
        bool evaluated = false;
    };
    explicit implementation(std::chrono::milliseconds limit) : time_limit(limit) {}

    std::chrono::milliseconds time_limit;
    std::vector<entry> entries;
    jq_program all;

    /// What each expression alone tells, before libjq is asked. False: there is something that must not be compiled.
    bool check_shapes(problems& found)
    {
        bool all_balanced = true, all_allowed = true;
        for (auto& one : entries) {
            const auto shape = shape_of(one.text);
            all_balanced = all_balanced && shape.balanced;
            one.allowed = shape.forbidden_word.empty();
            if (one.allowed)
                continue;
            const bool environment = shape.forbidden_word.ends_with("env") || shape.forbidden_word.ends_with("ENV");
            found.add(one.where, "\"" + shape.forbidden_word + "\" can't be used here" +
                                     (environment ? "; a value of the environment is written !env NAME" : ""));
            all_allowed = false;
        }
        return all_balanced && all_allowed;
    }

    bool report_each(problems& found) const
    {
        bool well = true;
        for (const auto& one : entries) {
            std::string message;
            // libjq ends the whole program over an `import` when it has no search path.
            if (!one.allowed || compiled(one.text, message))
                continue;
            found.add(one.where, "not a jq expression: " + readable_message(message));
            well = false;
        }
        return well;
    }

    /// Why this library can't be compiled, of which libjq has said `message`.
    void report(problems& found, const std::string& message) const
    {
        const bool all_allowed = std::ranges::all_of(entries, &entry::allowed);
        if (report_each(found) && all_allowed && !entries.empty())
            found.add(entries.front().where,
                      "the expressions of this file can't be compiled together: " + readable_message(message));
    }
};

jq_library::jq_library(std::chrono::milliseconds limit) : implementation_(std::make_unique<implementation>(limit)) {}
jq_library::~jq_library() = default;

std::shared_ptr<jq_library> jq_library::create(std::chrono::milliseconds limit)
{
    return std::shared_ptr<jq_library>(new jq_library(limit));
}

jq_expression jq_library::add(std::string expression, position where)
{
    auto plain = plain_expression::from(expression);
    auto members = members_used_by(expression);
    implementation_->entries.push_back({std::move(expression), std::move(where), std::move(plain), std::move(members)});
    return jq_expression(shared_from_this(), implementation_->entries.size() - 1);
}

bool jq_library::compile(problems& found)
{
    return compile_together({shared_from_this()}, found);
}

bool jq_library::compile_together(const std::vector<std::shared_ptr<jq_library>>& libraries, problems& found)
{
    std::vector<implementation*> sound;
    for (const auto& library : libraries) {
        auto& self = *library->implementation_;
        self.all.reset();
        if (self.check_shapes(found))
            sound.push_back(&self);
        else
            self.report(found, {});
    }
    const bool well = compile_shared(sound, found);
    return well && sound.size() == libraries.size();
}

/// Where one has a mistake, or the program would be too long for libjq, halves of them are tried.
bool jq_library::compile_shared(std::span<implementation* const> libraries, problems& found)
{
    if (libraries.empty())
        return true;
    std::vector<std::string> texts;
    std::map<std::string, std::size_t> places;
    for (auto* library : libraries)
        for (auto& one : library->entries) {
            one.index = places.emplace(one.text, texts.size()).first->second;
            if (one.index == texts.size())
                texts.push_back(one.text);
        }
    std::string message;
    if (const auto all = compiled(combined(texts), message)) {
        for (auto* library : libraries)
            library->all = all;
        return true;
    }
    if (libraries.size() > 1) {
        const auto half = libraries.size() / 2;
        const bool first_well = compile_shared(libraries.first(half), found);
        return compile_shared(libraries.subspan(half), found) && first_well;
    }
    libraries.front()->report(found, message);
    return false;
}

std::vector<position> jq_library::never_evaluated() const
{
    const auto place = [](const auto& entry) {
        return std::tuple(entry.where.file.get(), entry.where.line, entry.where.column);
    };
    std::set<decltype(place(implementation_->entries.front()))> told;
    for (const auto& entry : implementation_->entries)
        if (entry.evaluated)
            told.insert(place(entry));
    std::vector<position> all;
    for (const auto& entry : implementation_->entries)
        if (told.insert(place(entry)).second)
            all.push_back(entry.where);
    return all;
}

jq_expression::jq_expression(std::shared_ptr<jq_library> library, std::size_t index)
    : library_(std::move(library)), index_(index)
{
}

struct jq_document::held {
    using named_value = std::pair<std::string, jv>;

    explicit held(plain_expression::subject of) : subject(of) {}
    explicit held(boost::json::value&& document) : own(std::move(document)), subject{&own, nullptr} {}
    held(const held&) = delete;
    held& operator=(const held&) = delete;
    ~held()
    {
        for (auto& [name, value] : converted_members)
            jv_free(value);
        if (converted)
            jv_free(*converted);
    }

    /// What the combined program takes. Where only some members are needed, only these are converted: a record of an HR
    /// system may have hundreds.
    jv for_expression(std::size_t index, const std::optional<std::vector<std::string>>& members)
    {
        jv input = jv_array_sized(2);
        input = jv_array_append(input, jv_number(static_cast<double>(index)));
        return jv_array_append(input, members && is_object() ? only(*members) : whole());
    }

    bool is_object() const { return subject.object || subject.value->is_object(); }
    const boost::json::object& object() const { return subject.object ? *subject.object : subject.value->as_object(); }

    jv whole()
    {
        if (!converted)
            converted = subject.object ? to_jv(*subject.object) : to_jv(*subject.value);
        return jv_copy(*converted);
    }

    jv only(const std::vector<std::string>& members)
    {
        jv made = jv_object();
        for (const auto& name : members) {
            auto known = std::ranges::find(converted_members, name, &named_value::first);
            if (known == converted_members.end()) {
                const auto* value = object().if_contains(name);
                if (!value)
                    continue;
                known = converted_members.insert(known, {name, to_jv(*value)});
            }
            made = jv_object_set(made, text_for(name), jv_copy(known->second));
        }
        return made;
    }

    void set(std::string_view name, boost::json::value value)
    {
        forget(name);
        if (converted)
            *converted = jv_object_set(*converted, text_for(name), to_jv(value));
        own.as_object()[name] = std::move(value);
    }

    void erase(std::string_view name)
    {
        forget(name);
        if (converted)
            *converted = jv_object_delete(*converted, text_for(name));
        own.as_object().erase(name);
    }

    void forget(std::string_view name)
    {
        const auto known = std::ranges::find(converted_members, name, &named_value::first);
        if (known == converted_members.end())
            return;
        jv_free(known->second);
        converted_members.erase(known);
    }

    static jv text_for(std::string_view text) { return jv_string_sized(text.data(), static_cast<int>(text.size())); }

    boost::json::value own;
    plain_expression::subject subject;
    std::optional<jv> converted;
    std::vector<named_value> converted_members; ///< few
};

jq_document::jq_document(const boost::json::value& document)
    : held_(std::make_unique<held>(plain_expression::subject{&document, nullptr}))
{
}
jq_document::jq_document(const boost::json::object& document)
    : held_(std::make_unique<held>(plain_expression::subject{nullptr, &document}))
{
}
jq_document::jq_document(boost::json::value&& document) : held_(std::make_unique<held>(std::move(document))) {}
jq_document::jq_document(boost::json::object&& document)
    : held_(std::make_unique<held>(boost::json::value(std::move(document))))
{
}
jq_document::jq_document(jq_document&&) noexcept = default;
jq_document& jq_document::operator=(jq_document&&) noexcept = default;
jq_document::~jq_document() = default;

const boost::json::object& jq_document::object() const
{
    return held_->object();
}

void jq_document::set(std::string_view name, boost::json::value value)
{
    held_->set(name, std::move(value));
}

void jq_document::erase(std::string_view name)
{
    held_->erase(name);
}

evaluated<std::vector<boost::json::value>> jq_expression::all(const jq_document& document) const
{
    return outputs(document, output_limit, true);
}

evaluated<boost::json::value> jq_expression::first(const jq_document& document) const
{
    auto found = outputs(document, 1, false);
    if (!found)
        return found.error();
    return found->empty() ? boost::json::value(nullptr) : std::move(found->front());
}

evaluated<std::vector<boost::json::value>> jq_expression::outputs(const jq_document& document, std::size_t limit,
                                                                  bool all) const
{
    auto& library = *library_->implementation_;
    auto& own = library.entries[index_];
    auto* state = library.all.get();
    own.evaluated = true;
    if (!state)
        return evaluation_failure{"the expressions of this file are not compiled"};
    if (own.plain && all)
        if (auto outputs = own.plain->all(document.held_->subject))
            return std::move(*outputs);
    if (own.plain && !all)
        if (auto output = own.plain->first(document.held_->subject))
            return std::vector{std::move(*output)};
    // Five hundred records, each with an expression that never ends, would keep everybody else waiting for minutes.
    if (own.stops_in_a_row >= most_stops_in_a_row)
        return evaluation_failure{"it was stopped " + std::to_string(most_stops_in_a_row) +
                                  " times in a row because it takes too much; correct it and restart"};
    try {
        const evaluation_watch watch(state, library.time_limit);
        auto found = outputs_of(state, document.held_->for_expression(own.index, own.members), limit, all);
        if (!watch.reason()) {
            own.stops_in_a_row = 0;
            return found;
        }
        ++own.stops_in_a_row;
        jq_start(state, jv_null(), 0); // gives back what the evaluation holds
        return evaluation_failure{watch.reason()};
    } catch (const answer_too_large&) {
        return evaluation_failure{"its answer is too large"};
    }
}

evaluated<bool> jq_expression::test(const jq_document& document) const
{
    const auto answer = first(document);
    if (!answer)
        return answer.error();
    return !answer->is_null() && *answer != boost::json::value(false);
}

const std::string& jq_expression::text() const
{
    return library_->implementation_->entries[index_].text;
}

const position& jq_expression::where() const
{
    return library_->implementation_->entries[index_].where;
}

} // namespace testdome_sync::config
