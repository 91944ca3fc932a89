#include "connectors/examples/preset_test.hpp"
#include "tests/fuzz/promises.hpp"

#include <memory>

// A preset, and after a line of `=====` its examples.

namespace {

using namespace testdome_sync;

std::optional<config::node> tree_of(const std::string& name, std::string text, config::problems& found)
{
    auto file = std::make_shared<config::source>();
    file->name = name;
    file->text = std::move(text);
    return config::parse_yaml(file, found);
}

void add_all(const config::problems& from, config::problems& into)
{
    for (const auto& one : from.list())
        into.add(one.where, one.message);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto input = fuzzing::text_of(data, size);
    const auto parts = fuzzing::parts_of(input);
    if (parts.size() < 2)
        return 0;
    fuzzing::check_problems(input, [&](config::problems& found) {
        const auto preset = tree_of("fuzz.yaml", parts[0], found);
        const auto examples = tree_of("fuzz.examples.yaml", parts[1], found);
        if (!preset || !examples)
            return;
        const auto report = examples::test_preset({"fuzz.yaml", "fuzz.examples.yaml"}, *preset, *examples, found);
        if (!report)
            return;
        for (const auto& one : report->examples) {
            fuzzing::check_position(one.where);
            add_all(one.found, found);
        }
        add_all(report->not_shown, found);
        fuzzing::promise(report->well() == found.empty(), "a preset is well when nothing is told of it");
    });
    return 0;
}
