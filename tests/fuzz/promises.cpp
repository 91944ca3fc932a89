#include "tests/fuzz/promises.hpp"

#include "sync/stored_json.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <stdlib.h>
#include <sys/stat.h>

namespace testdome_sync::fuzzing {
namespace fs = std::filesystem;

/// libjq keeps the end of its stack and no pointer into it, which LeakSanitizer takes for a leak, and loses a few bytes
/// of its own in `limit`.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions()
{
    return "leak:libjq\n";
}

void promise(bool kept, std::string_view what, std::string_view detail)
{
    if (kept)
        return;
    const auto told = "A promise is broken: " + std::string(what) + '\n' + std::string(detail.substr(0, 4000)) + '\n';
    std::fputs(told.c_str(), stderr);
    std::abort();
}

std::vector<std::string> parts_of(std::string_view input)
{
    std::vector<std::string> parts(1);
    while (!input.empty()) {
        const auto end = std::min(input.find('\n'), input.size() - 1) + 1;
        const auto line = input.substr(0, end);
        input.remove_prefix(end);
        if (line.starts_with("=====") && line.find_first_not_of("=\n") == std::string_view::npos)
            parts.emplace_back();
        else
            parts.back() += line;
    }
    return parts;
}

hidden_secrets::hidden_secrets()
{
    std::string name = (fs::temp_directory_path() / "testdome-sync-fuzz.XXXXXX").string();
    const char* made = ::mkdtemp(name.data());
    promise(made != nullptr, "a directory for secrets can be made", name);
    directory = made;
    std::ofstream(directory + "/secret") << value << '\n';
    ::chmod((directory + "/secret").c_str(), 0600);
    ::setenv("TESTDOME_SYNC_FUZZ_SECRET", std::string(value).c_str(), 1);
}

hidden_secrets::~hidden_secrets()
{
    std::error_code ignored;
    fs::remove_all(directory, ignored);
}

const hidden_secrets& the_secrets()
{
    static const hidden_secrets secrets;
    return secrets;
}

void check_storable(const boost::json::object& document)
{
    const auto text = boost::json::serialize(document);
    boost::system::error_code error;
    const auto again = sync::stored_json(text, error);
    // Not that it is the same: Boost.JSON reads the last digit of a long number differently.
    promise(!error && again.is_object() && again.as_object().size() == document.size(),
            "what is stored can be read again", text);
}

void check_position(const config::position& where)
{
    promise(where.file != nullptr, "a position has a file");
    const auto lines = 1 + std::count(where.file->text.begin(), where.file->text.end(), '\n');
    promise(where.line >= 1 && where.line <= lines, "a position's line stands in the file", where.text());
    // One past the end is where something is missing; a line end of two characters may be pointed at.
    const auto line = where.file->line(where.line);
    promise(where.column >= 1 && where.column <= line.size() + 2, "a position's column stands in its line",
            where.text() + " in: " + std::string(line));
    promise(where.length >= 1, "a position has a length", where.text());
}

std::string check_problems(std::string_view input, const std::function<void(config::problems&)>& read)
{
    config::problems first, second;
    read(first);
    read(second);
    const auto text = first.text();
    promise(text == second.text(), "the same text has the same problems", text + "\n---\n" + second.text());
    for (const auto& one : first.list()) {
        check_position(one.where);
        promise(!one.message.empty() && one.message.find('\n') == std::string::npos, "a problem is told in one line",
                one.message);
    }
    // Whoever writes the secret out has it in the text anyway.
    if (input.find(hidden_secrets::value) == std::string_view::npos)
        promise(text.find(hidden_secrets::value) == std::string::npos, "a problem never tells a secret", text);
    return text;
}

} // namespace testdome_sync::fuzzing
