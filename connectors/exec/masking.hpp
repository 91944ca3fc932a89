#pragma once

#include "config/secret.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace testdome_sync::exec {

/// What a program says, made fit for logs and errors: its own secrets and e-mail addresses are masked, control
/// characters escaped, and it is cut.
class masking {
public:
    /// Values that are too short to be a secret are not hidden.
    explicit masking(std::vector<config::secret> secrets);

    std::string operator()(std::string_view foreign, std::size_t limit_bytes = 300) const;

private:
    std::vector<config::secret> secrets_;
};

} // namespace testdome_sync::exec
