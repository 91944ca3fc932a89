#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace testdome_sync::config {

/// The members of the document, an object, that a jq expression can see: `.job` and `.argument` of `.argument as $name
/// | .job | .name == $name`. Nothing if it may look at the document as a whole, or is not so simple that one could
/// tell. What isn't here can be left out of what libjq is given, which changes no answer and no error. Each name once;
/// some may be of other objects.
std::optional<std::vector<std::string>> members_used_by(std::string_view expression);

} // namespace testdome_sync::config
