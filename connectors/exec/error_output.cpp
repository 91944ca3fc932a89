#include "connectors/exec/error_output.hpp"

namespace testdome_sync::exec {
namespace {

constexpr int lines_a_minute = 20;
constexpr std::size_t kept_of_a_line = 4096; ///< bytes; less of it is shown, but a secret may stand anywhere

} // namespace

void error_output::take(std::string_view bytes)
{
    for (const char c : bytes) {
        if (c == '\n')
            tell_line();
        else if (line_.size() < kept_of_a_line)
            line_ += c;
    }
}

void error_output::end()
{
    tell_line();
    if (left_out_ > 0)
        tell(std::to_string(std::exchange(left_out_, 0)) + " more lines were left out");
}

void error_output::tell_line()
{
    const auto text = shown_(std::exchange(line_, {}));
    if (text.find_first_not_of(' ') == std::string::npos)
        return;
    if (clock_.now() - minute_began_ >= std::chrono::minutes{1}) {
        minute_began_ = clock_.now();
        told_ = 0;
        if (left_out_ > 0)
            tell(std::to_string(std::exchange(left_out_, 0)) + " more lines were left out");
    }
    if (told_++ < lines_a_minute)
        tell(text);
    else
        ++left_out_;
}

void error_output::tell(const std::string& text)
{
    events_.emit("program.output", text, {{"mapping", mapping_}});
}

} // namespace testdome_sync::exec
