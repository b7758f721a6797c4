// What is read: the log, views as fresh as the reader wants them, views of the past, what grows.
//
// Threads: coroutines of the I/O context; each goes on on its own executor.
#pragma once
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "eventstore/event_store.h"
#include "eventstore/lru_map.h"
#include "kernel/time.h"
#include "server/news.h"
#include "server/parts.h"
#include "server/past_error.h"
#include "server/view_at.h"

namespace yeyak::server {

struct HistoryCall;
struct HistoryPage;

using eventstore::Position;
using eventstore::StoreResult;

class Reads {
  public:
    explicit Reads(const ReadParts& parts) : at_(parts) {}

    Instant now() const;
    const eventstore::EventStore& log() const { return at_.log; }
    const projections::ViewStore& views() const { return at_.views; }
    // What the systems are: their views, and how persons are named in them.
    const Platform& platform() const { return at_.platform; }

    // The context of a view when it is stopped: nobody should be shown its rows.
    std::optional<std::string> stopped(std::string_view view) const;
    boost::asio::awaitable<ViewAt> fresh(std::string view, Wanted wanted);
    // Both answer nothing when it takes longer than `patience`; the work goes on meanwhile.
    template <class T>
    using InTime = boost::asio::awaitable<std::optional<PastResult<T>>>;
    InTime<ViewAt> as_of(const projections::View& view, Position position,
                         std::chrono::milliseconds patience);
    InTime<HistoryPage> history(HistoryCall call, std::chrono::milliseconds patience);
    // Ask for it before reading what there is.
    NewsPtr watch_growth(const boost::asio::any_io_executor& executor);

    // Reads for long, on a thread of its own; see server/reader_thread.h.
    using Stop = std::atomic<bool>;
    template <class T>
    boost::asio::awaitable<T> aside(std::function<T(const Stop& stop)> reading) {
        const auto found = std::make_shared<std::optional<T>>();
        co_await read_aside([found, reading](const Stop& stop) { found->emplace(reading(stop)); });
        co_return **std::move(found);
    }

    // As eventstore::begun_by() has it; remembered for the streams that were asked for last.
    StoreResult<std::string> begun_by(std::string_view stream);

    // Null when no saga is called so.
    const SagaHostBase* find_saga(std::string_view category) const;
    std::string describe(const Send& command) const;  // as Engine has it

    // The plaintext of a sealed text; any other text as it is. As PersonKeys has them.
    std::string reveal(std::string_view text) const;
    void reveal_json(std::string& json) const;
    std::optional<privacy::Sealer> known_sealer(std::string_view handle) const;

  private:
    boost::asio::awaitable<void> read_aside(std::function<void(const Stop& stop)> reading);

    // Some megabytes, with the longest names that there are.
    static constexpr std::size_t most_begun = 50'000;

    ReadParts at_;
    LruMap<std::string> begun_{most_begun};  // stream -> who began it
};

}  // namespace yeyak::server
