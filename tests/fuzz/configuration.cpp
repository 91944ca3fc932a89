#include "config/read_mapping.hpp"
#include "config/read_settings.hpp"
#include "tests/fuzz/promises.hpp"

// The input is a testdome-sync.yaml, and after a line of `=====` a mapping file.

namespace {

using namespace testdome_sync;

/// A secret that stands in the file itself: the seeds write it out once, as the value of a key that names a secret.
constexpr std::string_view literal_secret = "L1teral-Secret-42";

std::shared_ptr<const config::source> file_of(const std::string& name, const std::string& text)
{
    auto file = std::make_shared<config::source>();
    file->name = name;
    file->text = text;
    return file;
}

void check_positions(const config::mapping& read)
{
    fuzzing::check_position(read.credentials_where);
    for (const auto& [name, where] : read.credential_positions)
        fuzzing::check_position(where);
    for (const auto& rule : read.rules) {
        fuzzing::check_position(rule.where);
        if (rule.when)
            fuzzing::check_position(rule.when->where());
        if (rule.cancel_when)
            fuzzing::check_position(rule.cancel_when->where());
        fuzzing::promise(rule.invitation.deadline.count() > -1, "a deadline is not negative");
    }
    for (const auto& [event, actions] : read.write_back)
        for (const auto& action : actions)
            fuzzing::check_position(action.where);
}

bool holds_literal_secret(const config::settings& main)
{
    return main.testdome.client_secret.reveal() == literal_secret ||
           main.testdome.api_password.reveal() == literal_secret;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto input = fuzzing::text_of(data, size);
    const auto parts = fuzzing::parts_of(input);
    const config::tag_sources sources{fuzzing::the_secrets().directory, fuzzing::the_secrets().directory};
    // Compiling jq takes 20 ms, and has a target of its own: here it is only seen that problems have their place.
    const bool compile = size % 16 == 5;
    bool secret_in_text = false;
    const auto problems = fuzzing::check_problems(input, [&](config::problems& found) {
        if (const auto tree = config::parse_yaml(file_of("fuzz/testdome-sync.yaml", parts[0]), found))
            secret_in_text = holds_literal_secret(config::read_settings(*tree, "fuzz/main.yaml", sources, found));
        if (parts.size() < 2)
            return;
        const auto tree = config::parse_yaml(file_of("fuzz/mappings.d/one.yaml", parts[1]), found);
        if (!tree)
            return;
        const auto mapping = config::read_mapping(*tree, "fuzz/mappings.d/one.yaml", sources, found);
        check_positions(mapping);
        if (compile)
            mapping.library->compile(found);
    });
    const auto once = input.find(literal_secret) == input.rfind(literal_secret);
    if (secret_in_text && once)
        fuzzing::promise(problems.find(literal_secret) == std::string::npos, "a secret in the file is not quoted",
                         problems);
    return 0;
}
