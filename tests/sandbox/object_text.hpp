#pragma once

#include <string>
#include <string_view>

namespace testdome_sync::sandbox {

/// One JSON object, written member by member as text. The made-up servers answer with thousands of records in one
/// simulated life: a tree of values for each would take most of the servers' time. Names are written as they are.
class object_text {
public:
    object_text();
    object_text& text(std::string_view name, std::string_view value); ///< a JSON string
    object_text& number(std::string_view name, long long value);
    object_text& truth(std::string_view name, bool value);
    object_text& null(std::string_view name) { return json(name, "null"); }
    object_text& json(std::string_view name, std::string_view value); ///< `value` is JSON already

    std::string take(); ///< the whole; nothing can be added any more

private:
    void begin(std::string_view name);

    std::string text_;
};

/// `[one,two]`.
template <class Texts>
std::string array_text(const Texts& items)
{
    std::string text = "[";
    for (const auto& one : items) {
        if (text.size() > 1)
            text += ',';
        text += one;
    }
    return text += ']';
}

} // namespace testdome_sync::sandbox
