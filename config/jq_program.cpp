#include "config/jq_program.hpp"

extern "C" {
#include <jq.h>
}

#include <cstddef>
#include <new>

namespace testdome_sync::config {
namespace {

void collect_message(void* into, jv message)
{
    auto& text = *static_cast<std::string*>(into);
    if (jv_get_kind(message) == JV_KIND_STRING && text.empty())
        text = jv_string_value(message);
    jv_free(message);
}

struct free_jq {
    void operator()(jq_state* state) const
    {
        if (state)
            jq_teardown(&state);
    }
};

/// Nested choices between the texts from `begin` to `end`, by `$__expression`. One is found by halving: libjq takes its
/// time for each comparison.
std::string choice(const std::vector<std::string>& texts, std::size_t begin, std::size_t end)
{
    if (end - begin == 1)
        return '(' + texts[begin] + "\n)";
    const auto middle = begin + (end - begin) / 2;
    return "if $__expression < " + std::to_string(middle) + " then " + choice(texts, begin, middle) + " else " +
           choice(texts, middle, end) + " end";
}

} // namespace

jq_program compiled(const std::string& text, std::string& message)
{
    const jq_program made(jq_init(), free_jq{});
    if (!made)
        throw std::bad_alloc();
    jq_set_error_cb(made.get(), collect_message, &message);
    const bool well = jq_compile(made.get(), text.c_str()) != 0;
    jq_set_error_cb(made.get(), nullptr, nullptr);
    return well ? made : nullptr;
}

std::string combined(const std::vector<std::string>& expressions)
{
    return expressions.empty() ? "." : ".[0] as $__expression | .[1] | " + choice(expressions, 0, expressions.size());
}

std::string readable_message(const std::string& messages)
{
    auto line = messages.substr(0, messages.find(" at <top-level>"));
    line = line.substr(0, line.find('\n'));
    for (const std::string noise : {"jq: error: ", " (Unix shell quoting issues?)"})
        if (const auto at = line.find(noise); at != std::string::npos)
            line.erase(at, noise.size());
    return line.empty() ? "not understood" : line;
}

} // namespace testdome_sync::config
