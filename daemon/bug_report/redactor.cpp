#include "daemon/bug_report/redactor.hpp"

#include "sync/events.hpp"

#include <algorithm>

namespace testdome_sync::bug_report {
namespace {

constexpr std::string_view hidden = "…";
constexpr std::size_t shortest_secret = 4;
constexpr std::size_t shortest_name = 3;
constexpr std::size_t shortest_small_name = 5;
constexpr std::size_t shortest_key = 16;
constexpr std::size_t longest_line = 2000;

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/// Bytes of UTF-8 sequences count as letters: names have them.
bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

bool is_of_a_key(char c)
{
    return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '+' || c == '=';
}

std::string in_small_letters(std::string_view text)
{
    std::string made(text);
    std::ranges::transform(made, made.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return made;
}

void replace_all(std::string& text, std::string_view what, std::string_view with)
{
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

/// `text` with each longest run of such characters as `shown` has it.
template <class Belongs, class Shown>
std::string with_runs(std::string_view text, Belongs belongs, Shown shown)
{
    std::string made;
    while (!text.empty()) {
        const auto begin = std::ranges::find_if(text, belongs);
        const auto end = std::find_if_not(begin, text.end(), belongs);
        made.append(text.begin(), begin);
        made += shown(std::string_view(begin, end));
        text = std::string_view(end, text.end());
    }
    return made;
}

bool looks_like_a_key(std::string_view run)
{
    return run.size() >= shortest_key && std::ranges::any_of(run, is_digit) && std::ranges::any_of(run, is_letter);
}

/// `/home/ada/x` → `/home/…/x`
std::string without_home(std::string text)
{
    constexpr std::string_view home = "/home/";
    for (auto at = text.find(home); at != std::string::npos; at = text.find(home, at + home.size())) {
        const auto begin = at + home.size();
        const auto end = std::min(text.find_first_of("/ :\"'", begin), text.size());
        text.replace(begin, end - begin, hidden);
    }
    return text;
}

} // namespace

void redactor::hide_secret(std::string secret)
{
    constexpr std::string_view our_name = "testdome-sync"; // a database knows the service by it
    if (secret.size() < shortest_secret || our_name.find(secret) != std::string_view::npos)
        return;
    secrets_.push_back(std::move(secret));
    // A secret that another one begins with must not leave the other's end.
    std::ranges::sort(secrets_, std::greater{}, &std::string::size);
}

void redactor::hide_name(std::string_view name)
{
    with_runs(name, is_letter, [this](std::string_view word) {
        if (word.size() >= shortest_name)
            words_.insert(in_small_letters(word));
        return std::string{};
    });
}

bool redactor::hides(std::string_view word) const
{
    const auto small = in_small_letters(word);
    return words_.contains(small) && (small != word || word.size() >= shortest_small_name);
}

std::string redactor::operator()(std::string_view text) const
{
    std::string shown(text);
    for (const auto& one : secrets_)
        replace_all(shown, one, hidden);
    shown = sync::printable(without_home(std::move(shown)), longest_line);
    shown = with_runs(shown, is_of_a_key,
                      [](std::string_view run) { return std::string(looks_like_a_key(run) ? hidden : run); });
    return with_runs(shown, is_letter,
                     [this](std::string_view word) { return std::string(hides(word) ? hidden : word); });
}

} // namespace testdome_sync::bug_report
