#pragma once

#include <memory>
#include <string>
#include <vector>

struct jq_state; // of jq.h

namespace testdome_sync::config {

/// A compiled program of libjq, which is also the place where it runs: one evaluation at a time.
using jq_program = std::shared_ptr<jq_state>;

/// Null, and what libjq's compiler says in `message`, if it isn't jq. Throws std::bad_alloc.
jq_program compiled(const std::string& text, std::string& message);

/// One program of many expressions: `[index, document]` goes in, and the expression of that index is applied to the
/// document.
std::string combined(const std::vector<std::string>& expressions);

/// One line of what libjq's compiler says, without its advice for shells.
std::string readable_message(const std::string& messages);

} // namespace testdome_sync::config
