#include "server/runtime.h"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <filesystem>
#include <random>

#include "aggregates/notification/system.h"
#include "aggregates/operations/system.h"
#include "aggregates/payment/system.h"
#include "eventstore/tail.h"
#include "kernel/edge/log.h"
#include "privacy/erasure.h"
#include "server/folder_keys.h"
#include "server/notification/desk.h"
#include "server/notification/open.h"
#include "server/notification/revealing_notifier.h"
#include "server/payment/builtin_provider.h"
#include "server/payment/desk.h"

namespace yeyak::server {

namespace {

std::uint64_t random_seed() {
    std::random_device device;
    return static_cast<std::uint64_t>(device()) << 32 | device();
}

void log_store_failure(const StoreError& error) {
    log::error("store_failed", {{"detail", error.detail}});
}

}  // namespace

Runtime::Runtime(const ServeConfig& config, const Platform& platform, boost::asio::io_context& io,
                 std::function<void()> on_fatal)
    : config_(config),
      platform_(platform),
      io_(io),
      on_fatal_(std::move(on_fatal)),
      clock_(config.now),
      answers_(io),
      guards_({config.calls.bulkhead,
               {config.calls.breaker_window_ms, config.calls.breaker_volume_threshold,
                config.calls.breaker_error_percent, config.calls.breaker_sleep_ms}}) {}

StoreResult<std::unique_ptr<Runtime>> Runtime::start(const ServeConfig& config,
                                                     const Platform& platform,
                                                     boost::asio::io_context& io,
                                                     std::function<void()> on_fatal,
                                                     const DescriptorPlan& descriptors) {
    std::unique_ptr<Runtime> self{new Runtime{config, platform, io, std::move(on_fatal)}};
    self->descriptors_ = descriptors;
    if (auto opened = self->open(); !opened) return std::unexpected(std::move(opened).error());
    return self;
}

// Times in the log would go back: said, not refused, because a test may want just that.
void Runtime::warn_of_old_clock() {
    eventstore::AllQuery newest;
    newest.after = store().head() == 0 ? 0 : store().head() - 1;
    newest.max_events = 1;
    const auto page = store().read_all(newest);
    if (page && !page->events.empty() && page->events.front()->time > clock_.now())
        log::warning("clock_behind_log", {{"now", to_text(clock_.now())},
                                          {"newest_event", to_text(page->events.front()->time)}});
}

StoreResult<Owed> Runtime::open_engine() {
    engine_ = std::make_unique<Engine>(store());
    for (const auto& system : platform_.systems) system.install(*engine_);
    payment::install(*engine_, payment_desks(platform_));
    notification::install(*engine_);
    operations::install(*engine_);
    for (const auto& view : platform_.views) engine_->add_context(view->context());
    return engine_->open();
}

StoreResult<void> Runtime::open_ledger(audit::SigningKey key) {
    auto ledger = Ledger::start(store(), config_.data, std::move(key));
    if (!ledger) return std::unexpected(std::move(ledger).error());
    ledger_ = *std::move(ledger);
    return {};
}

// Opened before anything else is written: whoever is refused finds the folder as it was.
StoreResult<void> Runtime::open_keys() {
    auto keys = open_folder_keys(store(), config_, platform_.people, clock_.now());
    if (!keys) return std::unexpected(std::move(keys).error());
    vault_ = std::move(keys->vault);
    person_keys_ = std::move(keys->persons);
    return open_ledger(std::move(keys->signing));
}

void Runtime::make_payment_desk() {
    provider_ = std::make_unique<BuiltinProvider>(engine_->contexts(), payment_desks(platform_),
                                                  random_seed());
    calls_ = std::make_unique<SyncCalls>(guards_, clock_, engine_->contexts(), random_seed());
    DeskOptions options;
    options.timeout_ms = config_.payment.timeout_ms;
    for (const auto& system : platform_.systems)
        if (const auto& [context, timeout_ms] = system.payments; timeout_ms)
            options.timeout_of.emplace(context, timeout_ms(config_));
    options.seed = random_seed();
    desks_[std::string{payment::Contract::category}] = std::make_unique<PaymentDesk>(
        io_, clock_, engine_->contexts(), *provider_, guards_, options,
        [this](const DueEffect& effect, payment::Command outcome) {
            record_outcome<payment::Contract>(effect, std::move(outcome));
        });
}

void Runtime::make_past() {
    PastOptions options;
    options.folder = config_.data / "views.asof";
    options.max_builds = static_cast<std::size_t>(config_.views.as_of_builds);
    options.max_events = static_cast<std::uint64_t>(config_.views.as_of_max_events);
    options.max_open_files = descriptors_.past_view_files;
    past_ = std::make_unique<Past>(store(), std::move(options));
}

StoreResult<void> Runtime::make_notification_desk() {
    const auto& config = config_.notification;
    auto notifier = open_notifier(config, io_, clock_);
    if (!notifier)
        return std::unexpected(
            StoreError{StoreError::Kind::refused_open, std::move(notifier).error()});
    notifier_ = std::make_unique<RevealingNotifier>(*std::move(notifier), *person_keys_);
    NotificationOptions options;
    options.timeout_ms = config.timeout_ms;
    options.max_attempts = config.max_attempts;
    options.backoff_ms = config.backoff_ms;
    options.bulkhead = config.bulkhead;
    options.seed = random_seed();
    desks_[std::string{notification::Contract::category}] = std::make_unique<NotificationDesk>(
        io_, clock_, engine_->contexts(), *notifier_, options,
        [this](const DueEffect& effect, notification::Command outcome) {
            record_outcome<notification::Contract>(effect, std::move(outcome));
        });
    return {};
}

StoreResult<void> Runtime::open() {
    auto log = open_log(config_, descriptors_.log_files);
    if (!log) return std::unexpected(std::move(log).error());
    log_ = *std::move(log);
    warn_of_old_clock();
    if (auto opened = open_keys(); !opened) return opened;
    if (auto marked = set_mark(); !marked) return marked;
    auto views =
        projections::ViewStore::open(config_.data / "views", false, descriptors_.view_files);
    if (!views) return std::unexpected(std::move(views).error());
    views_ = *std::move(views);
    if (auto erased = privacy::complete_erasures(store(), *person_keys_); !erased) return erased;
    auto owed = open_engine();
    if (!owed) return std::unexpected(std::move(owed).error());
    if (mark_->ended_hard())
        recovered_ = {store().head(), store().head() - ledger_->covered_at_start(),
                      owed->effects.size(), owed->timers.size(), owed->drain.size()};
    make_payment_desk();
    if (auto made = make_notification_desk(); !made) return made;
    scheduler_ = std::make_unique<Scheduler>(io_, clock_, [this](std::string key) {
        sequencer_->submit_owed(engine_->fire_timer(std::move(key), clock_.now()));
    });
    if (auto started = start_views(); !started) return started;
    make_past();
    eventstore::SequencerHooks hooks;
    hooks.batch_ended = [this] { batch_ended(); };
    hooks.measured = [this](const auto& batch) { figures_.batches.note(batch); };
    hooks.failed = [this](const StoreError& error) {
        failed_ = true;
        log_store_failure(error);
        answers_.add([this] { on_fatal_(); });
        answers_.hand_over();
    };
    sequencer_ = std::make_unique<eventstore::Sequencer>(store(), std::move(hooks));
    growth_ = std::make_unique<Growth>(io_, store().tail());
    reader_ = std::make_unique<ReaderThread>();
    open_backups();
    make_faces();
    // Once the first work is submitted, the answers are the sequencer's.
    auto drain = std::exchange(owed->drain, {});
    take(*std::move(owed));
    answers_.hand_over();
    for (auto& context : drain)
        sequencer_->submit_owed(engine_->drain(std::move(context), clock_.now()));
    // What a crash kept from being told.
    boost::asio::co_spawn(io_, record_switches(), boost::asio::detached);
    started_ = true;
    return {};
}

void Runtime::wake_those_who_wait_for_contexts() {
    for (const auto& [category, desk] : desks_) desk->wake();
    view_thread_->wake();
}

void Runtime::make_faces() {
    commands_ = std::make_unique<Commands>(
        CommandParts{.config = config_,
                     .clock = clock_,
                     .engine = *engine_,
                     .sequencer = *sequencer_,
                     .answers = answers_,
                     .calls = *calls_,
                     .vault = *vault_,
                     .keys = *person_keys_,
                     .figures = figures_,
                     .context_changed = [this] { wake_those_who_wait_for_contexts(); }});
    reads_ = std::make_unique<Reads>(ReadParts{.config = config_,
                                               .platform = platform_,
                                               .clock = clock_,
                                               .engine = *engine_,
                                               .log = store(),
                                               .views = *views_,
                                               .view_thread = *view_thread_,
                                               .past = *past_,
                                               .reader = *reader_,
                                               .growth = *growth_,
                                               .keys = *person_keys_});
    upkeep_ = std::make_unique<Upkeep>(UpkeepParts{.config = config_,
                                                   .platform = platform_,
                                                   .contexts = engine_->contexts(),
                                                   .guards = guards_,
                                                   .views = *views_,
                                                   .view_thread = *view_thread_,
                                                   .rebuilds = *rebuilds_,
                                                   .ledger = *ledger_,
                                                   .attestations = *attestations_,
                                                   .backups = *backups_,
                                                   .failed = failed_});
    metrics_ = std::make_unique<Metrics>(MetricParts{.config = config_,
                                                     .clock = clock_,
                                                     .contexts = engine_->contexts(),
                                                     .guards = guards_,
                                                     .ledger = *ledger_,
                                                     .scheduler = *scheduler_,
                                                     .sequencer = *sequencer_,
                                                     .failed = failed_,
                                                     .counted = figures_,
                                                     .readings = {.log = store(),
                                                                  .log_database = *log_.database,
                                                                  .views = *views_,
                                                                  .view_thread = *view_thread_,
                                                                  .platform = platform_,
                                                                  .data = config_.data}});
}

Runtime::~Runtime() {
    metrics_.reset();
    reader_.reset();
    backups_.reset();
    attestations_.reset();
    growth_.reset();
    if (scheduler_) scheduler_->stop();
    if (sequencer_) sequencer_->stop();
    past_.reset();
    if (rebuilds_) rebuilds_->stop();
    view_thread_.reset();
    ledger_.reset();
    if (log_.store && !failed_)
        if (const auto flushed = log_.flush_memory(); !flushed) log_store_failure(flushed.error());
    remove_mark();
}

StoreResult<void> Runtime::set_mark() {
    auto mark = RunMark::set(config_.data);
    if (!mark) return std::unexpected(std::move(mark).error());
    mark_ = *std::move(mark);
    return {};
}

// A start that was refused leaves what it found.
void Runtime::remove_mark() {
    if (!mark_ || failed_ || (!started_ && mark_->ended_hard())) return;
    if (const auto removed = mark_->remove(); !removed) log_store_failure(removed.error());
}

void Runtime::batch_ended() {
    if (!failed_) take(engine_->take_owed());
    answers_.hand_over();
}

// On the sequencer's thread, or before it runs.
void Runtime::take(Owed owed) {
    for (auto& due : owed.effects)
        answers_.add([this, effect = std::move(due)]() mutable {
            const auto desk = desks_.find(effect.effect.category);
            ensure(desk != desks_.end(), "a category with effects has a desk");
            desk->second->carry_out(std::move(effect));
        });
    for (auto& timer : owed.timers) scheduler_->add(timer.timer.due, std::move(timer.key));
    for (auto& context : owed.drain)
        sequencer_->submit_owed(engine_->drain(std::move(context), clock_.now()));
}

template <class Contract>
void Runtime::record_outcome(const DueEffect& effect, typename Contract::Command outcome) {
    CommandWork request;
    request.now = clock_.now();
    request.cause = {effect.effect.correlation_id, effect.key, effect.effect.actor};
    request.resolves = effect.key;
    request.decide = [id = effect.effect.id, outcome = std::move(outcome)](Unit& unit) {
        return unit.execute(send<Contract>(id, outcome, Delivery::when_up));
    };
    // Refused only while the program stops: the outbox keeps the effect, and it is carried out
    // again.
    sequencer_->submit_owed(engine_->work(std::move(request)));
}

}  // namespace yeyak::server
