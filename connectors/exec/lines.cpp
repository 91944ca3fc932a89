#include "connectors/exec/lines.hpp"

#include <algorithm>

namespace testdome_sync::exec {

void lines::add(std::string_view bytes)
{
    text_.erase(0, begin_);
    searched_ -= begin_;
    begin_ = 0;
    text_.append(bytes);
}

std::optional<std::string_view> lines::next()
{
    const auto end = text_.find('\n', searched_);
    if (end == std::string::npos) {
        searched_ = text_.size();
        return std::nullopt;
    }
    const auto line = std::string_view(text_).substr(begin_, end - begin_);
    begin_ = searched_ = end + 1;
    return line;
}

bool lines::too_long() const
{
    const auto end = std::min(text_.find('\n', begin_), text_.size());
    return end - begin_ > limit_;
}

} // namespace testdome_sync::exec
