#pragma once

#include "connectors/exec/program.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>

namespace testdome_sync::exec {

/// Starts real processes. There is one for each process of ours, and nothing else may start any: each program leads a
/// session of its own, and this process becomes the parent of whatever they leave behind (PR_SET_CHILD_SUBREAPER), so
/// that children of ours which belong to no running program are ended. Who was our child before the first start is left
/// alone. From the first start on, SIGPIPE is ignored and SIGCHLD is not. Programs outlive the launcher's destruction
/// no longer than the event loop.
std::unique_ptr<program_launcher> create_program_launcher(boost::asio::any_io_executor event_loop);

} // namespace testdome_sync::exec
