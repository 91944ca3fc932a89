#pragma once

#include <boost/asio/io_context.hpp>

namespace testdome_sync::daemon {

/// Gives the system back what is only mapped because it was once needed: freed heap, and the pages of code that only
/// starting up or the last burst of work has used. They are read-only pages of files, and come back by themselves.
void give_memory_back() noexcept;

/// As `context.run()`, for a program that has little to do for most of its life: when a burst of work is over and
/// nothing has happened for a while, memory is given back, once; then the thread sleeps until something is due.
void run_thriftily(boost::asio::io_context& context);

} // namespace testdome_sync::daemon
