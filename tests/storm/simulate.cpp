#include "tests/storm/report.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

// `./dev simulate`: many seeds in several processes, and one report.

namespace testdome_sync::testing {
namespace {

struct wishes {
    std::uint64_t first = 1;
    std::uint64_t last = 100;
    unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
    const broken_variant* mistake = nullptr;
    bool trace = false;
    bool all_cells = false;
};

constexpr std::size_t shown_lines = 40;

/// The end of the life's log as far as it has to do with the complaint: what happened to everybody, and to this one.
void print_shortened_log(std::ostream& out, const std::vector<std::string>& trace, const std::string& complaint)
{
    std::vector<std::string> words; // `application 1234`, `assessment 17`
    for (const std::string kind : {"application ", "assessment "})
        if (const auto at = complaint.find(kind); at != std::string::npos) {
            const auto begin = at + kind.size();
            words.push_back(' ' + kind.substr(0, kind.size() - 1) + '=' +
                            complaint.substr(begin, complaint.find_first_not_of("0123456789", begin) - begin));
        }
    std::vector<std::string> lines;
    for (const auto& line : trace) {
        const bool loud = std::ranges::count_if(line, [](unsigned char c) { return std::isupper(c) != 0; }) >= 4;
        const auto of_it = [&](const std::string& word) { return (line + ' ').find(word + ' ') != std::string::npos; };
        if (loud || std::ranges::any_of(words, of_it))
            lines.push_back(line);
    }
    const auto skipped = lines.size() - std::min(lines.size(), shown_lines);
    if (skipped > 0)
        out << "    … " << skipped << " lines before\n";
    for (auto i = skipped; i < lines.size(); ++i)
        out << "    " << lines[i] << '\n';
}

void print_failures(std::ostream& out, const report& made, const wishes& wanted)
{
    std::size_t shown = 0;
    for (const auto& [seed, complaints] : made.failures) {
        out << "\nseed " << seed << " FAILED; replay: ./dev simulate --seeds " << seed << ".." << seed << " --trace"
            << (wanted.mistake ? " --broken " + wanted.mistake->name : "") << '\n';
        for (std::size_t i = 0; i < complaints.size() && i < 8; ++i)
            out << "  " << complaints[i] << '\n';
        if (++shown > 3)
            continue;
        std::vector<std::string> trace;
        live(seed, wanted.mistake, &trace);
        print_shortened_log(out, trace, complaints.front());
    }
}

report simulate(std::uint64_t first, std::uint64_t last, std::uint64_t step, const wishes& wanted)
{
    report made;
    for (auto seed = first; seed <= last; seed += step) {
        std::vector<std::string> trace;
        made.add(seed, live(seed, wanted.mistake, wanted.trace ? &trace : nullptr));
        for (const auto& line : trace)
            std::cout << line << '\n';
    }
    return made;
}

/// A process of its own for each job: libjq and SQLite share nothing then.
struct worker {
    pid_t pid;
    int answers;
};

worker begin(std::uint64_t first, const wishes& wanted)
{
    int ends[2];
    if (::pipe(ends) != 0)
        throw std::runtime_error("no pipe can be made");
    const auto pid = ::fork();
    if (pid == 0) {
        ::close(ends[0]);
        const auto text = boost::json::serialize(to_json(simulate(first, wanted.last, wanted.jobs, wanted)));
        for (std::size_t written = 0; written < text.size();) {
            const auto now = ::write(ends[1], text.data() + written, text.size() - written);
            if (now <= 0)
                ::_exit(1);
            written += static_cast<std::size_t>(now);
        }
        ::_exit(0);
    }
    ::close(ends[1]);
    return {pid, ends[0]};
}

report end(const worker& of)
{
    std::string text;
    char buffer[65'536];
    for (ssize_t got = 0; (got = ::read(of.answers, buffer, sizeof buffer)) > 0;)
        text.append(buffer, static_cast<std::size_t>(got));
    ::close(of.answers);
    int status = 0;
    ::waitpid(of.pid, &status, 0);
    if (status != 0)
        throw std::runtime_error("a process of the simulation crashed; --jobs 1 shows where");
    return report_from(boost::json::parse(text));
}

report simulate_all(const wishes& wanted)
{
    if (wanted.jobs <= 1 || wanted.trace)
        return simulate(wanted.first, wanted.last, 1, wanted);
    std::vector<worker> workers;
    for (unsigned i = 0; i < wanted.jobs; ++i)
        workers.push_back(begin(wanted.first + i, wanted));
    report sum;
    for (const auto& one : workers)
        sum.add(end(one));
    return sum;
}

/// `FIRST..LAST`, or one seed. Nothing else may pass for an answer: a run over no seed at all would always be green.
void read_seeds(const std::string& text, wishes& into)
{
    const auto dots = text.find("..");
    const auto last = dots == std::string::npos ? text : text.substr(dots + 2);
    if (!CLI::detail::lexical_cast(text.substr(0, dots), into.first) || !CLI::detail::lexical_cast(last, into.last) ||
        into.first > into.last)
        throw CLI::ValidationError("--seeds", '"' + text + "\" is no FIRST..LAST");
}

wishes read(int argc, char** argv)
{
    CLI::App app{"Simulates whole lives of testdome-sync; one seed decides everything."};
    std::string broken;
    wishes wanted;
    app.add_option_function<std::string>(
        "--seeds", [&](const std::string& text) { read_seeds(text, wanted); }, "FIRST..LAST");
    app.add_option("--jobs", wanted.jobs, "processes; as many as there are processors")->check(CLI::Range(1U, 256U));
    app.add_option("--broken", broken, "with a deliberate mistake: must fail");
    app.add_flag("--trace", wanted.trace, "print everything that happens");
    app.add_flag("--all-cells", wanted.all_cells, "an empty cell of the table is a failure");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        std::exit(app.exit(error));
    }
    if (!broken.empty()) {
        const auto& all = broken_variants();
        const auto found = std::ranges::find(all, broken, &broken_variant::name);
        if (found == all.end())
            throw std::runtime_error("there is no broken variant \"" + broken + '"');
        wanted.mistake = &*found;
    }
    return wanted;
}

} // namespace

int run_simulation(int argc, char** argv)
{
    const auto wanted = read(argc, argv);
    const auto begin = std::chrono::steady_clock::now();
    const auto made = simulate_all(wanted);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    print(std::cout, made, took.count());
    print_failures(std::cout, made, wanted);
    if (!made.failures.empty())
        std::cout << '\n' << made.failures.size() << " of " << made.lives << " lives broke a promise\n";
    return made.failures.empty() && (!wanted.all_cells || made.uncovered() == 0) ? 0 : 1;
}

} // namespace testdome_sync::testing

int main(int argc, char** argv)
{
    try {
        return testdome_sync::testing::run_simulation(argc, argv);
    } catch (const std::exception& error) {
        std::cerr << "simulate: " << error.what() << '\n';
        return 2;
    }
}
