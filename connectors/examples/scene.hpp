#pragma once

#include "connectors/examples/rehearsal.hpp"
#include "connectors/examples/script.hpp"
#include "sync/hr_connector.hpp"
#include "sync/silence.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace testdome_sync::examples {

/// One example, and everything that playing it needs or adds to.
struct scene {
    const example& one;
    const example_file& file;
    const rest::description& described;
    shown_parts& shown;
    config::problems& found;
    std::vector<played_exchange> played{};
};

void rehearse_poll(scene& of, const poll_example& wanted);
void rehearse_check(scene& of, const check_example& wanted);
void rehearse_action(scene& of, const action_example& wanted);

/// A connector as it is after a start of the program, and the network that it sees. Tells what was not asked for when
/// it ends.
class stage {
public:
    /// `end`: where an exchange that is missing would have to be added.
    stage(scene& of, const std::vector<exchange>& exchanges, const config::position& end);
    ~stage();
    stage(const stage&) = delete;
    stage& operator=(const stage&) = delete;

    script& network() { return network_; }
    sync::hr_connector& connector() { return *connector_; }

private:
    scene& of_;
    script_clock clock_;
    no_jitter random_;
    sync::silence events_; ///< an example's findings are its report
    kept_tokens tokens_;
    script network_;
    std::unique_ptr<sync::hr_connector> connector_;
};

/// Adds a problem unless the outcome is the example's. `failure`: why it is not done; empty if it is.
void compare_outcome(scene& of, const std::string& outcome, const std::string& failure);
/// `denied`, `not_sent` …
std::string word_of(const sync::failure& why);

/// Runs one call of the connector to its end.
template <class T>
sync::result<T> run(boost::asio::awaitable<sync::result<T>> call)
{
    boost::asio::io_context context(1);
    std::exception_ptr thrown;
    std::optional<sync::result<T>> answer;
    boost::asio::co_spawn(context, std::move(call), [&](std::exception_ptr error, sync::result<T> value) {
        thrown = error;
        answer.emplace(std::move(value));
    });
    context.run();
    if (thrown)
        std::rethrow_exception(thrown);
    if (!answer)
        throw std::logic_error("the connector waits for something that never comes");
    return std::move(*answer);
}

} // namespace testdome_sync::examples
