// Everything that runs: store, core, sequencer, views, timers, effects. It is the one place where
// the parts are joined; routes see only this.
//
// Threads: the sequencer's, the views', and those that run the I/O context. Coroutines that await
// something here run on their own executor again afterwards.
//
// Errors: start() says what is wrong and what to do. When a flush fails, on_fatal is called once
// after all who waited have their answer; the process must end.
#pragma once
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "aggregates/engine/effect_desk.h"
#include "aggregates/engine/engine.h"
#include "aggregates/operations/contract.h"
#include "eventstore/rocks_store.h"
#include "eventstore/sequencer.h"
#include "kernel/edge/clock.h"
#include "kernel/ensure.h"
#include "privacy/person_keys.h"
#include "privacy/vault.h"
#include "server/append.h"
#include "server/attestations.h"
#include "server/backups.h"
#include "server/calls/guards.h"
#include "server/calls/sync_calls.h"
#include "server/completions.h"
#include "server/config/config.h"
#include "server/descriptors.h"
#include "server/ledger.h"
#include "server/notification/notifier.h"
#include "server/past.h"
#include "server/payment/provider.h"
#include "server/rebuilds.h"
#include "server/scheduler.h"
#include "server/slot.h"
#include "server/system_rules.h"
#include "server/view_thread.h"

namespace yeyak::server {

using eventstore::EventPtr;
using eventstore::Position;
using eventstore::StoreError;
using eventstore::StoreResult;

// A command as a route gives it; see yeyak::CommandWork for the fields.
struct CommandCall {
    Cause cause;
    std::string idempotency_key;
    std::string fingerprint;
    std::function<Verdict(Unit&)> decide;
};

class Runtime {
  public:
    // What `systems` refers to must outlive it.
    static StoreResult<std::unique_ptr<Runtime>> start(const ServeConfig& config, Systems systems,
                                                       boost::asio::io_context& io,
                                                       std::function<void()> on_fatal,
                                                       const DescriptorPlan& descriptors = {});
    // Stops in order: no new work, what waits is finished, memory is written to disk.
    ~Runtime();

    const Clock& clock() const { return clock_; }
    const eventstore::EventStore& store() const { return *store_; }
    const projections::ViewStore& views() const { return *views_; }
    const Contexts& contexts() const { return engine_->contexts(); }
    // For looking only: find_saga() and describe().
    const Engine& engine() const { return *engine_; }
    const privacy::Vault& vault() const { return *vault_; }
    // Seals personal fields on the way in, and opens them on the way out.
    privacy::PersonKeys& person_keys() const { return *person_keys_; }
    const ServeConfig& config() const { return config_; }
    Systems systems() const { return systems_; }
    ViewThread& view_thread() { return *view_thread_; }
    Past& past() { return *past_; }
    Rebuilds& rebuilds() { return *rebuilds_; }
    std::vector<BreakerReport> breakers() const { return guards_.reports(); }
    // True once a flush has failed.
    bool failed() const { return failed_; }
    // An operator says that the server is not well, to see what a probe makes of it.
    bool forced_down() const { return forced_down_; }
    void force_down(bool down) { forced_down_ = down; }

    // --- commands -----------------------------------------------------------------------------
    // Gives a command to the core. With `is_end` it also waits for the event of the command's
    // stream for which that holds: `history` is the stream up to and with it, or empty when it did
    // not come within the reply timeout, or nothing was waited for.
    struct Awaited {
        Reply reply;
        std::vector<EventPtr> history;
    };
    boost::asio::awaitable<StoreResult<Awaited>> execute_and_await(
        CommandCall call, std::function<bool(const eventstore::RecordedEvent&)> is_end);

    // Records what an operator or auditor did, durably. `cause.actor` is who.
    boost::asio::awaitable<StoreResult<Reply>> record(Cause cause, operations::Event fact);

    // A command that nobody waits for, given before the first request is served.
    void submit_at_start(std::function<Verdict(Unit&)> decide);

    // Reads for long on a thread of its own, one after the other. What is to be done is given a
    // flag: when it is set, the program stops and the reading should end.
    template <class T>
    boost::asio::awaitable<T> aside(std::function<T(const std::atomic<bool>& stop)> reading) {
        const auto executor = co_await boost::asio::this_coro::executor;
        const auto slot = std::make_shared<Slot<T>>(executor);
        boost::asio::post(readers_,
                          [this, slot, work = std::move(reading)] { slot->put(work(stopping_)); });
        auto done = co_await slot->wait(std::chrono::hours{24});
        ensure(done.has_value(), "a reading ends within a day");
        co_return *std::move(done);
    }

    // A synchronous call into a context, to be made before the command that it is part of; see
    // server/calls/sync_calls.h.
    auto call(std::string context, std::int64_t timeout_ms) {
        return calls_->begin(std::move(context), timeout_ms);
    }

    // Appends for other programs, outside the core.
    boost::asio::awaitable<StoreResult<AppendOutcome>> append(AppendCall call);

    boost::asio::awaitable<StoreResult<Reply>> set_context(std::string context,
                                                           ContextSetting setting);

    // False when the view has not applied `position` within the time.
    boost::asio::awaitable<bool> view_reaches(std::string_view view, Position position,
                                              std::chrono::milliseconds timeout);

    const Ledger& ledger() const { return *ledger_; }
    Backups& backups() { return *backups_; }
    Attestations& attestations() { return *attestations_; }
    // False when no checkpoint covers `position` within the time.
    boost::asio::awaitable<bool> ledger_reaches(Position position,
                                                std::chrono::milliseconds timeout);

    // A thread for long readings of the log, which would hold up all connections otherwise. What
    // runs there must own what it uses, beside the store.
    boost::asio::thread_pool::executor_type readers() { return readers_.get_executor(); }

    // Does `work` on the view thread and answers what it answered.
    template <class Result>
    boost::asio::awaitable<Result> on_view_thread(std::function<Result()> work) {
        const auto executor = co_await boost::asio::this_coro::executor;
        const auto slot = std::make_shared<Slot<Result>>(executor);
        view_thread_->post([slot, todo = std::move(work)] { slot->put(todo()); });
        auto done = co_await slot->wait(std::chrono::hours{1});
        co_return *std::move(done);
    }

    // Gets a value as soon as the log grows. Ask for it before reading what there is.
    std::shared_ptr<Slot<bool>> watch_growth(boost::asio::any_io_executor executor);

  private:
    Runtime(const ServeConfig& config, Systems systems, boost::asio::io_context& io,
            std::function<void()> on_fatal);
    StoreResult<void> open();
    StoreResult<void> check_space() const;
    StoreResult<void> open_ledger();
    void open_backups();
    StoreResult<audit::Hash> root_at(Position position);
    StoreResult<void> open_privacy();
    StoreResult<Owed> open_engine();
    StoreResult<void> start_views();
    boost::asio::awaitable<void> record_switches();
    void make_payment_desk();
    void make_past();
    StoreResult<void> make_notification_desk();
    void warn_of_old_clock() const;
    void settled();
    void tell_growth();
    void take(Owed owed);
    template <class Contract>
    void record_outcome(const DueEffect& effect, typename Contract::Command outcome);
    bool submit(CommandWork request);
    std::string fingerprint_of(const std::string& key, const std::string& hash) const;

    ServeConfig config_;
    Systems systems_;
    DescriptorPlan descriptors_;
    boost::asio::io_context& io_;
    std::function<void()> on_fatal_;
    Clock clock_;
    Completions completions_;
    std::unique_ptr<eventstore::RocksStore> store_;
    std::unique_ptr<Ledger> ledger_;
    std::unique_ptr<projections::ViewStore> views_;
    std::unique_ptr<privacy::Vault> vault_;
    std::unique_ptr<privacy::PersonKeys> person_keys_;
    std::unique_ptr<Engine> engine_;
    CallGuards guards_;
    std::unique_ptr<SyncCalls> calls_;
    std::unique_ptr<PaymentProvider> provider_;
    std::unique_ptr<Notifier> notifier_;
    std::map<std::string, std::unique_ptr<EffectDesk>, std::less<>> desks_;  // by category
    std::unique_ptr<Scheduler> scheduler_;
    std::unique_ptr<Rebuilds> rebuilds_;
    std::unique_ptr<ViewThread> view_thread_;
    std::unique_ptr<Past> past_;
    std::unique_ptr<eventstore::Sequencer> sequencer_;
    std::unique_ptr<Attestations> attestations_;
    std::unique_ptr<Backups> backups_;
    std::atomic<bool> failed_ = false;
    std::atomic<bool> forced_down_ = false;
    std::atomic<bool> stopping_ = false;
    // Those who wait for the log to grow, on the I/O context; the bell wakes all of them in one
    // post.
    std::vector<std::shared_ptr<Slot<bool>>> growth_;
    std::mutex growth_mutex_;
    std::atomic<bool> growth_told_ = false;
    std::size_t bell_ = 0;
    boost::asio::thread_pool readers_{1};
};

}  // namespace yeyak::server
