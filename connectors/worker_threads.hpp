#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>

#include <list>

namespace testdome_sync::connectors {

/// Threads for work that blocks, one for each mapping that has such work: a database or a disk that hangs delays its
/// own mapping only. Used by one thread.
class worker_threads {
public:
    /// Waits for what the threads are doing at that moment; what they have not begun is dropped.
    ~worker_threads()
    {
        for (auto& one : threads_)
            one.stop();
    }
    worker_threads() = default;
    worker_threads(const worker_threads&) = delete;
    worker_threads& operator=(const worker_threads&) = delete;

    /// One more thread. The executor is valid as long as this object.
    boost::asio::any_io_executor begin() { return threads_.emplace_back(std::size_t{1}).get_executor(); }

    bool empty() const { return threads_.empty(); }
    /// Waits until everything that was given to them is done; nothing can be given to them afterwards. For another
    /// thread than the event loop's.
    void join()
    {
        for (auto& one : threads_)
            one.join();
    }

private:
    std::list<boost::asio::thread_pool> threads_;
};

} // namespace testdome_sync::connectors
