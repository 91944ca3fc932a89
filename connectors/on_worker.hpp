#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <future>
#include <memory>
#include <type_traits>
#include <utility>

namespace testdome_sync::connectors {

/// Carries out `work` on the worker's thread and comes back to the coroutine's own executor with its answer, or with
/// what it threw. `work` owns what it uses, or what it uses outlives the worker: if the process ends meanwhile, nobody
/// waits for it. Cancellation: none, work that has begun is finished.
template <class Work>
boost::asio::awaitable<std::invoke_result_t<Work&>> on_worker(boost::asio::any_io_executor worker, Work work)
{
    namespace asio = boost::asio;
    auto task = std::make_shared<std::packaged_task<std::invoke_result_t<Work&>()>>(std::move(work));
    auto answer = task->get_future();
    auto begin = [worker = std::move(worker), task = std::move(task)](auto back) {
        auto home = asio::make_work_guard(asio::get_associated_executor(back)); // the loop goes on while we work
        asio::post(worker, [task, home = std::move(home), back = std::move(back)]() mutable {
            (*task)();
            task.reset();
            asio::post(home.get_executor(), std::move(back));
        });
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(std::move(begin), asio::use_awaitable);
    co_return answer.get();
}

} // namespace testdome_sync::connectors
