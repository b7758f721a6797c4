// Does independent pieces of work on as many threads as there are cores, and waits for all of them.
#pragma once
#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace yeyak::eventstore {

// Calls work(0) to work(count - 1), each once. The first exception comes out when all have ended.
template <class Work>
void in_parallel(std::size_t count, Work work) {
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::exception_ptr failure;
    const auto run = [&] {
        try {
            for (std::size_t i = next++; i < count; i = next++) work(i);
        } catch (...) {
            const std::lock_guard lock{mutex};
            if (!failure) failure = std::current_exception();
        }
    };
    const auto cores = std::max<std::size_t>(1, std::thread::hardware_concurrency());
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < std::min(cores, count); ++i) threads.emplace_back(run);
    run();
    threads.clear();  // joins
    if (failure) std::rethrow_exception(failure);
}

}  // namespace yeyak::eventstore
