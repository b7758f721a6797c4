// Everything that runs: store, core, sequencer, views, timers, effects. It is the one place where
// the parts are joined and owned; what others do with them is in three faces: commands.h, reads.h,
// upkeep.h.
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
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "aggregates/engine/effect_desk.h"
#include "aggregates/engine/engine.h"
#include "eventstore/sequencer.h"
#include "kernel/edge/clock.h"
#include "privacy/person_keys.h"
#include "privacy/vault.h"
#include "server/answer_queue.h"
#include "server/attestations.h"
#include "server/backups.h"
#include "server/calls/guards.h"
#include "server/calls/sync_calls.h"
#include "server/commands.h"
#include "server/config/config.h"
#include "server/descriptors.h"
#include "server/growth.h"
#include "server/ledger.h"
#include "server/metrics/metrics.h"
#include "server/notification/notifier.h"
#include "server/open_log.h"
#include "server/past.h"
#include "server/payment/provider.h"
#include "server/platform.h"
#include "server/reader_thread.h"
#include "server/reads.h"
#include "server/rebuilds.h"
#include "server/run_mark.h"
#include "server/scheduler.h"
#include "server/upkeep.h"
#include "server/view_thread.h"

namespace yeyak::server {

using eventstore::Position;
using eventstore::StoreError;
using eventstore::StoreResult;

// What a start found after a run that did not end in order. All that was answered is there.
struct Recovered {
    Position events = 0;
    Position after_checkpoint = 0;  // of them, later than the newest signed checkpoint
    std::size_t effects = 0;        // that are asked for again,
    std::size_t timers = 0;         // set again,
    std::size_t inboxes = 0;        // and delivered
};

class Runtime {
  public:
    // What `platform` refers to must outlive it.
    static StoreResult<std::unique_ptr<Runtime>> start(const ServeConfig& config,
                                                       const Platform& platform,
                                                       boost::asio::io_context& io,
                                                       std::function<void()> on_fatal,
                                                       const DescriptorPlan& descriptors = {});
    // Stops in order: no new work, what waits is finished, memory is written to disk.
    ~Runtime();

    Commands& commands() { return *commands_; }
    Reads& reads() { return *reads_; }
    Upkeep& upkeep() { return *upkeep_; }
    Metrics& metrics() { return *metrics_; }
    // What whoever answers requests counts in.
    RequestFigures& request_figures() { return figures_.requests; }
    const ServeConfig& config() const { return config_; }
    const std::optional<Recovered>& recovered() const { return recovered_; }
    // Opens personal fields on the way out.
    privacy::PersonKeys& person_keys() const { return *person_keys_; }

  private:
    Runtime(const ServeConfig& config, const Platform& platform, boost::asio::io_context& io,
            std::function<void()> on_fatal);
    StoreResult<void> open();
    StoreResult<void> open_keys();
    StoreResult<void> set_mark();
    void remove_mark();
    StoreResult<void> open_ledger(audit::SigningKey key);
    void open_backups();
    StoreResult<audit::Hash> root_at(Position position);
    StoreResult<Owed> open_engine();
    StoreResult<void> start_views();
    boost::asio::awaitable<void> record_switches();
    void make_payment_desk();
    void make_past();
    StoreResult<void> make_notification_desk();
    void warn_of_old_clock();
    void make_faces();
    void wake_those_who_wait_for_contexts();
    void batch_ended();
    void take(Owed owed);
    eventstore::EventStore& store() { return *log_.store; }
    template <class Contract>
    void record_outcome(const DueEffect& effect, typename Contract::Command outcome);

    ServeConfig config_;
    Platform platform_;
    DescriptorPlan descriptors_;
    boost::asio::io_context& io_;
    std::function<void()> on_fatal_;
    Clock clock_;
    AnswerQueue answers_;
    OpenLog log_;
    std::optional<RunMark> mark_;
    bool started_ = false;
    std::optional<Recovered> recovered_;
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
    std::unique_ptr<Growth> growth_;
    std::unique_ptr<ReaderThread> reader_;
    std::atomic<bool> failed_ = false;
    Figures figures_;
    std::unique_ptr<Commands> commands_;
    std::unique_ptr<Reads> reads_;
    std::unique_ptr<Upkeep> upkeep_;
    std::unique_ptr<Metrics> metrics_;
};

}  // namespace yeyak::server
