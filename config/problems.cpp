#include "config/problems.hpp"

#include <algorithm>
#include <map>
#include <regex>

namespace testdome_sync::config {
namespace {

/// A line as it may be quoted: the value of a key that looks like a secret is left out unless it is a tag, and so is a
/// password within a URL.
std::string quotable(std::string_view line)
{
    static const std::regex literal_secret(R"(((?:secret|password|token|key)[A-Za-z0-9_-]*["']?\s*:\s*)([^!\s].*)$)",
                                           std::regex::icase);
    if (line.size() > 200)
        line = line.substr(0, 200);
    static const std::regex secret_in_url(R"((://[^/@\s:]*:(?=[^\s"'}]*@)|password=)[^@&\s"'}]+)", std::regex::icase);
    const auto without = std::regex_replace(std::string(line), literal_secret, "$1…");
    return without.find("://") == std::string::npos ? without : std::regex_replace(without, secret_in_url, "$1…");
}

std::string shown(const problem& told)
{
    auto text = told.where.text() + ": " + told.message + '\n';
    if (!told.where.file)
        return text;
    const auto line = told.where.file->line(told.where.line);
    if (line.empty())
        return text;
    const auto number = std::to_string(told.where.line);
    const std::string margin(std::max<std::size_t>(5, number.size() + 1), ' ');
    const auto quoted = quotable(line);
    text += margin.substr(number.size()) + number + " | " + quoted + '\n';
    const auto column = std::min<std::size_t>(told.where.column, quoted.size() + 1);
    const auto room = quoted.size() + 1 - column;
    const auto length = std::clamp<std::size_t>(told.where.length, 1, std::max<std::size_t>(room, 1));
    std::string indent = quoted.substr(0, column - 1);
    std::ranges::transform(indent, indent.begin(), [](char c) { return c == '\t' ? '\t' : ' '; });
    text += margin + " | " + indent + '^' + std::string(length - 1, '~') + '\n';
    return text;
}

std::size_t distance(std::string_view one, std::string_view other)
{
    std::vector<std::size_t> row(other.size() + 1);
    for (std::size_t j = 0; j <= other.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= one.size(); ++i) {
        auto diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= other.size(); ++j) {
            const auto above = row[j];
            const auto same = std::tolower(static_cast<unsigned char>(one[i - 1])) ==
                              std::tolower(static_cast<unsigned char>(other[j - 1]));
            row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (same ? 0U : 1U)});
            diagonal = above;
        }
    }
    return row[other.size()];
}

} // namespace

void problems::add(const position& where, std::string message)
{
    list_.push_back({where, std::move(message)});
}

std::string problems::text() const
{
    std::vector<const source*> files;
    for (const auto& one : list_)
        if (std::ranges::find(files, one.where.file.get()) == files.end())
            files.push_back(one.where.file.get());
    auto sorted = list_;
    std::ranges::stable_sort(sorted, {}, [&](const problem& one) {
        return std::tuple(std::ranges::find(files, one.where.file.get()) - files.begin(), one.where.line,
                          one.where.column);
    });
    std::string all;
    for (const auto& one : sorted)
        all += shown(one);
    return all;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known)
{
    const std::string* nearest = nullptr;
    std::size_t best = 4;
    for (const auto& candidate : known) {
        const auto far = distance(word, candidate);
        if (far < best && far * 2 < std::max(word.size(), candidate.size())) {
            best = far;
            nearest = &candidate;
        }
    }
    return nearest ? "; did you mean \"" + *nearest + "\"?" : std::string{};
}

} // namespace testdome_sync::config
