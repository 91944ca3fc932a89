#include "config/read_mapping.hpp"
#include "connectors/rest/description.hpp"
#include "tests/fuzz/promises.hpp"

// The input is what a mapping file with `connector: rest` says of its HR system; or a preset, and after a line of
// `=====` the mapping file that uses it.

namespace {

using namespace testdome_sync;

const std::string rules = "\nrules:\n  - {name: all, test: T, invitation: {reply_to: a@b.c, message: m}}\n";

std::optional<config::node> tree_of(const std::string& name, std::string text, config::problems& found)
{
    auto file = std::make_shared<config::source>();
    file->name = name;
    file->text = std::move(text);
    return config::parse_yaml(file, found);
}

void check_description(const rest::description& read)
{
    fuzzing::promise(!read.url.ends_with('/'), "the base URL has no slash at its end", read.url);
    fuzzing::promise(read.service.concurrent > 0 && read.service.per_second > 0, "a rate limit lets something through");
    for (const auto& list : read.lists)
        fuzzing::check_position(list.records.where());
    for (const auto& join : read.enrich) {
        if (join.key)
            fuzzing::check_position(join.key->where());
        fuzzing::promise(join.batch > 0, "a batch holds something");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto input = fuzzing::text_of(data, size);
    const auto parts = fuzzing::parts_of(input);
    const config::tag_sources sources{fuzzing::the_secrets().directory, fuzzing::the_secrets().directory};
    const bool compile = size % 64 == 5; // takes 20 ms for each expression and has a target of its own
    fuzzing::check_problems(input, [&](config::problems& found) {
        std::optional<config::node> preset;
        if (parts.size() > 1 && !(preset = tree_of("presets/fuzz.yaml", parts[0], found)))
            return;
        const auto text = parts.size() > 1 ? parts[1] : "connector: rest" + rules + parts[0];
        const auto tree = tree_of("fuzz/one.yaml", text, found);
        if (!tree)
            return;
        const auto mapping = config::read_mapping(*tree, "fuzz/one.yaml", sources, found);
        const auto read = rest::read_description(mapping, preset ? &*preset : nullptr, found);
        if (read)
            check_description(*read);
        if (compile)
            mapping.library->compile(found);
    });
    return 0;
}
