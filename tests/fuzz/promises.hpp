#pragma once

#include "config/problems.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace testdome_sync::fuzzing {

/// Ends the process if the program has not kept what it promises: to a fuzzer, that is a find like a crash.
void promise(bool kept, std::string_view what, std::string_view detail = {});

inline std::string_view text_of(const std::uint8_t* data, std::size_t size)
{
    return {reinterpret_cast<const char*>(data), size};
}

/// What stands between lines of five or more `=`; at least one part. So one input can hold several files or answers,
/// and stays text that a person can read.
std::vector<std::string> parts_of(std::string_view input);

/// Secrets that a configuration can name as `!env TESTDOME_SYNC_FUZZ_SECRET`, `!file secret` and `!credential secret`.
struct hidden_secrets {
    hidden_secrets();
    ~hidden_secrets();
    hidden_secrets(const hidden_secrets&) = delete;
    hidden_secrets& operator=(const hidden_secrets&) = delete;

    std::string directory; ///< holds the file `secret`; made for this process
    static constexpr std::string_view value = "h1dden-v4lue-of-a-s3cret";
};
const hidden_secrets& the_secrets();

/// Calls `read` twice and compares; checks that each problem stands inside its file and tells no secret. Gives the
/// problems' text.
std::string check_problems(std::string_view input, const std::function<void(config::problems&)>& read);

/// That what is written into the ledger can be read from it.
void check_storable(const boost::json::object& document);

/// That a position which was kept for later stands inside its file.
void check_position(const config::position& where);

} // namespace testdome_sync::fuzzing
