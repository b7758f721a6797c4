#include "server/reads.h"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <exception>

#include "aggregates/engine/engine.h"
#include "eventstore/begun_by.h"
#include "kernel/edge/clock.h"
#include "privacy/person_keys.h"
#include "server/config/config.h"
#include "server/growth.h"
#include "server/past.h"
#include "server/reader_thread.h"
#include "server/slot.h"
#include "server/view_thread.h"

namespace yeyak::server {

using boost::asio::awaitable;

namespace {

// How long a read waits for the view to be as far as the log was, when nothing else is asked for.
constexpr std::chrono::milliseconds fresh_wait{100};

// Until the view is there, but not longer than `timeout`.
awaitable<void> wait_for(ViewThread& views, std::string_view view, Position position,
                         std::chrono::milliseconds timeout) {
    if (timeout.count() == 0 || views.progress(view).position >= position) co_return;
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto slot = std::make_shared<Slot<bool>>(executor);
    views.wait_for(view, position, [slot] { slot->put(true); });
    co_await slot->wait(timeout);
}

}  // namespace

Instant Reads::now() const { return at_.clock.now(); }

std::optional<std::string> Reads::stopped(std::string_view view) const {
    auto context = at_.view_thread.progress(view).context;
    if (at_.engine.contexts().is_up(context)) return std::nullopt;
    return context;
}

awaitable<ViewAt> Reads::fresh(std::string view, Wanted wanted) {
    ViewAt at;
    at.rows = &at_.views;
    at.head = at_.log.head();
    // What stands still until its new build is ready is not waited for, unless it is asked to be.
    const bool waits = wanted.least || (!wanted.eventual && !at_.view_thread.progress(view).stale);
    const auto position = wanted.least.value_or(at.head);
    if (waits && position <= at.head) {
        const auto patience =
            wanted.least ? std::chrono::milliseconds{at_.config.read_wait_ms} : fresh_wait;
        co_await wait_for(at_.view_thread, view, position, patience);
    }
    auto now = at_.view_thread.progress(view);
    at.position = now.position;
    at.build = std::move(now.lease);
    // By the position that is told, whatever came of the waiting.
    at.reached = !wanted.least || *wanted.least <= at.position;
    co_return at;
}

Reads::InTime<ViewAt> Reads::as_of(const projections::View& view, Position position,
                                   std::chrono::milliseconds patience) {
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto slot = std::make_shared<Slot<PastResult<PastViewPtr>>>(executor);
    at_.past.view_at(view, position,
                     [slot](PastResult<PastViewPtr> built) { slot->put(std::move(built)); });
    auto built = co_await slot->wait(patience);
    if (!built) co_return std::nullopt;
    if (!*built) co_return std::unexpected(std::move(*built).error());
    const PastViewPtr past = **std::move(built);
    ViewAt at;
    at.rows = &past->store();
    at.build = {past, &past->build()};
    at.position = past->position();
    co_return at;
}

Reads::InTime<HistoryPage> Reads::history(HistoryCall call, std::chrono::milliseconds patience) {
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto slot = std::make_shared<Slot<PastResult<HistoryPage>>>(executor);
    at_.past.history(std::move(call),
                     [slot](PastResult<HistoryPage> page) { slot->put(std::move(page)); });
    auto page = co_await slot->wait(patience);
    co_return page;
}

StoreResult<std::string> Reads::begun_by(std::string_view stream) {
    if (const auto* known = begun_.find(stream)) return *known;
    auto actor = eventstore::begun_by(at_.log, stream);
    // Of a stream that is not there nothing is known: it may be begun at any time.
    if (actor && !actor->empty()) begun_.put(stream, *actor);
    return actor;
}

NewsPtr Reads::watch_growth(const boost::asio::any_io_executor& executor) {
    return at_.growth.watch(executor);
}

awaitable<void> Reads::read_aside(std::function<void(const Stop& stop)> reading) {
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto slot = std::make_shared<Slot<std::exception_ptr>>(executor);
    at_.reader.post([slot, read = std::move(reading)](const Stop& stop) {
        std::exception_ptr failed;
        try {
            read(stop);
        } catch (...) {
            failed = std::current_exception();
        }
        slot->put(failed);
    });
    const auto failed = co_await slot->value();
    if (failed) std::rethrow_exception(failed);
}

const SagaHostBase* Reads::find_saga(std::string_view category) const {
    return at_.engine.find_saga(category);
}

std::string Reads::describe(const Send& command) const { return at_.engine.describe(command); }

std::string Reads::reveal(std::string_view text) const { return at_.keys.reveal(text); }

void Reads::reveal_json(std::string& json) const { at_.keys.reveal_json(json); }

std::optional<privacy::Sealer> Reads::known_sealer(std::string_view handle) const {
    return at_.keys.known(handle);
}

}  // namespace yeyak::server
