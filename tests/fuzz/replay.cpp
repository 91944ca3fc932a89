// Stands in for libFuzzer where it isn't there: runs a target over its whole corpus, then over mutations of it that are
// the same each time. `./dev test` needs no clang for that, and no coverage tells it what to try next: that is what
// `./dev fuzz` is for.

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

std::string current; // what is being run, for the handler
std::string find_path;
std::string told_at_the_end;

/// Keeps the input that ended the program or took too long.
extern "C" void keep_find(int signal)
{
    const int file = ::open(find_path.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0644);
    if (file >= 0) {
        [[maybe_unused]] const auto written = ::write(file, current.data(), current.size());
        ::close(file);
    }
    [[maybe_unused]] const auto told = ::write(2, told_at_the_end.data(), told_at_the_end.size());
    ::signal(signal, SIG_DFL);
    ::raise(signal);
}

void run(std::string input)
{
    constexpr unsigned slowest_seconds = 30;
    current = std::move(input);
    ::alarm(slowest_seconds);
    // A copy of exactly that size: a sanitizer sees whoever reads past its end.
    const std::vector<std::uint8_t> exact(current.begin(), current.end());
    LLVMFuzzerTestOneInput(exact.data(), exact.size());
    ::alarm(0);
}

class dice {
public:
    std::size_t below(std::size_t limit)
    {
        state_ += 0x9E3779B97F4A7C15U; // SplitMix64
        auto mixed = state_;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9U;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBU;
        return limit == 0 ? 0 : static_cast<std::size_t>((mixed ^ (mixed >> 31)) % limit);
    }

private:
    std::uint64_t state_ = 1;
};

constexpr std::string_view notable[] = {"\n",
                                        "=====\n",
                                        "null",
                                        "-1",
                                        "9223372036854775808",
                                        "1e308",
                                        "\"",
                                        "{{",
                                        "}}",
                                        "!jq ",
                                        "\t",
                                        "\0x",
                                        "9999-12-31T23:59:59Z",
                                        "[",
                                        "{",
                                        "&a ",
                                        "*a",
                                        ": ",
                                        "%",
                                        "//",
                                        "\xff",
                                        "Ä",
                                        "lost\n",
                                        "401\n"};

std::string mutated(std::string text, const std::vector<std::string>& seeds, dice& chance)
{
    for (auto left = 1 + chance.below(4); left > 0; --left) {
        const auto at = chance.below(text.size() + 1);
        const auto length = chance.below(std::min<std::size_t>(text.size() - at, 32) + 1);
        switch (chance.below(6)) {
        case 0: text.erase(at, length); break;
        case 1: text.insert(at, text.substr(at, length)); break;
        case 2: text.insert(at, notable[chance.below(std::size(notable))]); break;
        case 3: text.replace(at, length, notable[chance.below(std::size(notable))]); break;
        case 4:
            if (at < text.size())
                text[at] = static_cast<char>(chance.below(256));
            break;
        default: {
            const auto& other = seeds[chance.below(seeds.size())];
            const auto from = chance.below(other.size() + 1);
            text.replace(at, length, other.substr(from, chance.below(64)));
        }
        }
    }
    return text;
}

std::vector<std::string> read_all(const std::vector<std::string>& paths)
{
    std::vector<fs::path> files;
    for (const auto& path : paths) {
        if (fs::is_directory(path))
            for (const auto& entry : fs::recursive_directory_iterator(path))
                if (entry.is_regular_file())
                    files.push_back(entry.path());
        if (fs::is_regular_file(path))
            files.emplace_back(path);
    }
    std::ranges::sort(files);
    std::vector<std::string> inputs;
    for (const auto& file : files) {
        std::ifstream in(file, std::ios::binary);
        inputs.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    return inputs;
}

} // namespace

int main(int count, char** words)
{
    std::vector<std::string> paths;
    long mutations = 0, seconds = 3600;
    for (int i = 1; i < count; ++i) {
        const std::string_view word = words[i];
        if (word == "--mutations" && i + 1 < count)
            mutations = std::stol(words[++i]);
        else if (word == "--seconds" && i + 1 < count)
            seconds = std::stol(words[++i]);
        else
            paths.emplace_back(word);
    }
    const std::string program = words[0];
    find_path = program + ".find";
    told_at_the_end = "\nThe input is kept; it is run again by:\n    " + program + ' ' + find_path + "\n";
    for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM})
        ::signal(signal, keep_find);

    const auto seeds = read_all(paths);
    if (seeds.empty()) {
        std::fprintf(stderr, "usage: %s [--mutations N] [--seconds N] CORPUS…\n", program.c_str());
        return 2;
    }
    // The processor's time: what is tried doesn't depend on who else is at work on this machine.
    const auto used_seconds = [] { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; };
    for (const auto& seed : seeds)
        run(seed);
    dice chance;
    long tried = 0;
    for (; tried < mutations && used_seconds() < static_cast<double>(seconds); ++tried)
        run(mutated(seeds[chance.below(seeds.size())], seeds, chance));
    std::printf("%zu seeds and %ld mutations in %.1f s\n", seeds.size(), tried, used_seconds());
}
