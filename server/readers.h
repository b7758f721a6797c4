// Threads for whatever reads more than a row, so that the thread that serves all connections does
// not. A reading is done in steps of some milliseconds each. Kinds of readings take turns, and
// within a kind so many are under way at a time; who waits for a place waits in a queue that is
// fair between subjects (addresses). So a long reading takes longer beside others, and holds up
// nobody for more than a step.
//
// What cannot be cut into steps is of the kind `search`, which has threads of its own.
//
// Any thread may submit. At the end, what has not begun never will: nobody hears of it.
#pragma once
#include <array>
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <expected>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "kernel/ensure.h"
#include "kernel/fair_queue.h"
#include "server/slot.h"

namespace yeyak::server {

enum class ReadKind : std::uint8_t {
    page,    // a page of a list or of a stream, a saga, a proof: what people wait for
    scan,    // the log by a filter, a list by fields without an index
    piece,   // the next piece of a stream that is being sent
    search,  // all of the log, in one go
};
inline constexpr std::size_t read_kinds = 4;

// What one kind may take.
struct ReadLimit {
    std::size_t at_once = 1;  // under way at a time: each keeps what it has found so far
    std::size_t waiting = 100;
};

struct ReadersOptions {
    std::size_t threads = 2;         // for readings in steps
    std::size_t search_threads = 2;  // of lower priority
    std::array<ReadLimit, read_kinds> limits = {{{8, 1'000}, {4, 100}, {16, 10'000}, {2, 16}}};
};

class Readers {
  public:
    explicit Readers(ReadersOptions options);
    ~Readers();
    Readers(const Readers&) = delete;
    Readers& operator=(const Readers&) = delete;

    // Calls `step` on a thread of the pool until it gives a value. Nothing when too many wait:
    // nothing was begun.
    template <class T>
    boost::asio::awaitable<std::optional<T>> read(ReadKind kind, std::string subject,
                                                  std::function<std::optional<T>()> step) {
        using Outcome = std::expected<T, std::exception_ptr>;
        const auto executor = co_await boost::asio::this_coro::executor;
        const auto slot = std::make_shared<Slot<Outcome>>(executor);
        const bool taken = submit(kind, std::move(subject), [slot, step = std::move(step)] {
            try {
                auto value = step();
                if (!value) return false;
                slot->put(*std::move(value));
            } catch (...) {
                slot->put(std::unexpected(std::current_exception()));  // a bug: told by who asked
            }
            return true;
        });
        if (!taken) co_return std::nullopt;
        auto outcome = co_await slot->value();
        if (!outcome) std::rethrow_exception(outcome.error());
        co_return *std::move(outcome);
    }

    // `step` answers true once it has done its last. False when too many wait.
    bool submit(ReadKind kind, std::string subject, std::function<bool()> step);

    // No more steps; waits for those under way. Nothing is submitted afterwards.
    void stop();
    // For a search to look at: it should end early.
    const std::atomic<bool>& stopping() const { return stopping_; }

    struct Report {
        std::size_t going = 0;
        std::size_t waiting = 0;
        std::uint64_t done = 0;
        std::uint64_t refused = 0;
        std::chrono::nanoseconds longest_step{0};
    };
    std::array<Report, read_kinds> report() const;

  private:
    using Step = std::function<bool()>;
    struct Lane {
        FairQueue<Step> waiting;
        std::deque<Step> ready;  // begun, between two steps
        std::size_t going = 0;   // begun and not done, those on a thread included
        Report counts;
    };

    void run(bool searches, int niceness);
    // The next step of the kinds that this thread serves; nothing when there is none.
    std::optional<std::pair<std::size_t, Step>> next(bool searches);
    void one_step(std::unique_lock<std::mutex>& lock, std::size_t kind, Step step);

    const ReadersOptions options_;
    mutable std::mutex mutex_;
    std::condition_variable news_;
    std::array<Lane, read_kinds> lanes_;
    std::size_t turn_ = 0;  // the kind that is looked at first
    std::atomic<bool> stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace yeyak::server
