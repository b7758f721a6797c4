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
#include "projections/registry.h"
#include "server/notification/desk.h"
#include "server/notification/open.h"
#include "server/notification/revealing_notifier.h"
#include "server/payment/builtin_provider.h"
#include "server/payment/desk.h"

namespace yeyak::server {

using boost::asio::awaitable;

namespace {

// Longer than any flush takes: a command that was submitted is always settled.
constexpr std::chrono::hours settle_limit{1};

std::uint64_t random_seed() {
    std::random_device device;
    return static_cast<std::uint64_t>(device()) << 32 | device();
}

void log_store_failure(const StoreError& error) {
    log::error("store_failed", {{"detail", error.detail}});
}

}  // namespace

Runtime::Runtime(const ServeConfig& config, Systems systems, boost::asio::io_context& io,
                 std::function<void()> on_fatal)
    : config_(config),
      systems_(systems),
      io_(io),
      on_fatal_(std::move(on_fatal)),
      clock_(config.now),
      completions_(io),
      guards_({config.calls.bulkhead,
               {config.calls.breaker_window_ms, config.calls.breaker_volume_threshold,
                config.calls.breaker_error_percent, config.calls.breaker_sleep_ms}}) {}

StoreResult<std::unique_ptr<Runtime>> Runtime::start(const ServeConfig& config, Systems systems,
                                                     boost::asio::io_context& io,
                                                     std::function<void()> on_fatal,
                                                     const DescriptorPlan& descriptors) {
    std::unique_ptr<Runtime> self{new Runtime{config, systems, io, std::move(on_fatal)}};
    self->descriptors_ = descriptors;
    if (auto opened = self->open(); !opened) return std::unexpected(std::move(opened).error());
    return self;
}

// Even a start writes; without this much it would fail half-way.
constexpr std::uintmax_t least_free_bytes = 64 << 20;

StoreResult<void> Runtime::check_space() const {
    std::error_code error;
    std::filesystem::create_directories(config_.data, error);
    const auto space = std::filesystem::space(config_.data, error);
    if (error)
        return std::unexpected(
            StoreError{StoreError::Kind::refused_open,
                       fmt::format("cannot use {}: {}", config_.data.string(), error.message())});
    if (space.available >= least_free_bytes) return {};
    return std::unexpected(StoreError{
        StoreError::Kind::refused_open,
        fmt::format("{} MiB are free where {} is, a start needs {} MiB; make room first",
                    space.available >> 20, config_.data.string(), least_free_bytes >> 20)});
}

// Times in the log would go back: said, not refused, because a test may want just that.
void Runtime::warn_of_old_clock() const {
    eventstore::AllQuery newest;
    newest.after = store_->head() == 0 ? 0 : store_->head() - 1;
    newest.max_events = 1;
    const auto page = store_->read_all(newest);
    if (page && !page->events.empty() && page->events.front()->time > clock_.now())
        log::warning("clock_behind_log", {{"now", to_text(clock_.now())},
                                          {"newest_event", to_text(page->events.front()->time)}});
}

StoreResult<Owed> Runtime::open_engine() {
    engine_ = std::make_unique<Engine>(*store_);
    for (const auto& system : systems_) system.install(*engine_);
    payment::install(*engine_, payment_desks(systems_));
    notification::install(*engine_);
    operations::install(*engine_);
    for (const auto& view : projections::all_views()) engine_->add_context(view->context());
    return engine_->open();
}

StoreResult<void> Runtime::open_ledger() {
    LedgerOptions options;
    options.data = config_.data;
    options.key_file = config_.audit.key_file.value_or(audit::key_file_in(config_.data));
    options.origin = config_.audit.origin;
    auto ledger = Ledger::start(*store_, std::move(options));
    if (!ledger) return std::unexpected(std::move(ledger).error());
    ledger_ = *std::move(ledger);
    return {};
}

void Runtime::make_payment_desk() {
    provider_ = std::make_unique<BuiltinProvider>(engine_->contexts(), payment_desks(systems_),
                                                  random_seed());
    calls_ = std::make_unique<SyncCalls>(guards_, clock_, engine_->contexts(), random_seed());
    DeskOptions options;
    options.timeout_ms = config_.payment.timeout_ms;
    options.timeout_of = {{"pay", config_.phoneshop.payment_timeout_ms}};
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
    past_ = std::make_unique<Past>(*store_, std::move(options));
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
    if (auto space = check_space(); !space) return space;
    eventstore::RocksOptions options;
    options.data_dir = config_.data;
    options.headroom_bytes = static_cast<std::uint64_t>(config_.disk_headroom_bytes);
    options.max_open_files = descriptors_.log_files;
    auto store = eventstore::RocksStore::open(options);
    if (!store) return std::unexpected(std::move(store).error());
    store_ = *std::move(store);
    warn_of_old_clock();
    if (auto opened = open_ledger(); !opened) return opened;
    auto views =
        projections::ViewStore::open(config_.data / "views", false, descriptors_.view_files);
    if (!views) return std::unexpected(std::move(views).error());
    views_ = *std::move(views);
    if (auto privacy = open_privacy(); !privacy) return privacy;
    auto owed = open_engine();
    if (!owed) return std::unexpected(std::move(owed).error());
    make_payment_desk();
    if (auto made = make_notification_desk(); !made) return made;
    scheduler_ = std::make_unique<Scheduler>(io_, clock_, [this](std::string key) {
        sequencer_->submit_owed(engine_->fire_timer(std::move(key), clock_.now()));
    });
    if (auto started = start_views(); !started) return started;
    make_past();
    eventstore::SequencerHooks hooks;
    hooks.settled = [this] { settled(); };
    hooks.failed = [this](const StoreError& error) {
        failed_ = true;
        log_store_failure(error);
        completions_.add([this] { on_fatal_(); });
        completions_.hand_over();
    };
    sequencer_ = std::make_unique<eventstore::Sequencer>(*store_, std::move(hooks));
    bell_ = store_->tail().add_bell([this](Position) {
        if (growth_told_.exchange(true)) return;
        boost::asio::post(io_, [this] { tell_growth(); });
    });
    open_backups();
    // Once the first work is submitted, the completions are the sequencer's.
    auto drain = std::exchange(owed->drain, {});
    take(*std::move(owed));
    completions_.hand_over();
    for (auto& context : drain)
        sequencer_->submit_owed(engine_->drain(std::move(context), clock_.now()));
    // What a crash kept from being told.
    boost::asio::co_spawn(io_, record_switches(), boost::asio::detached);
    return {};
}

Runtime::~Runtime() {
    stopping_ = true;
    readers_.stop();
    readers_.join();
    backups_.reset();
    attestations_.reset();
    if (store_) store_->tail().remove_bell(bell_);
    if (scheduler_) scheduler_->stop();
    if (sequencer_) sequencer_->stop();
    past_.reset();
    if (rebuilds_) rebuilds_->stop();
    view_thread_.reset();
    ledger_.reset();
    if (store_ && !failed_)
        if (const auto flushed = store_->flush_memory(); !flushed)
            log_store_failure(flushed.error());
}

void Runtime::settled() {
    if (!failed_) take(engine_->take_owed());
    completions_.hand_over();
}

// On the sequencer's thread, or before it runs.
void Runtime::take(Owed owed) {
    for (auto& due : owed.effects)
        completions_.add([this, effect = std::move(due)]() mutable {
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

bool Runtime::submit(CommandWork request) {
    return sequencer_->submit(engine_->work(std::move(request)));
}

void Runtime::submit_at_start(std::function<Verdict(Unit&)> decide) {
    CommandWork request;
    request.now = clock_.now();
    request.cause = {"start", "start", "system"};
    request.decide = std::move(decide);
    sequencer_->submit_owed(engine_->work(std::move(request)));
}

awaitable<StoreResult<Runtime::Awaited>> Runtime::execute_and_await(
    CommandCall call, std::function<bool(const eventstore::RecordedEvent&)> is_end) {
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto replied = std::make_shared<Slot<StoreResult<Reply>>>(executor);
    const auto ended = std::make_shared<Slot<std::vector<EventPtr>>>(executor);
    const bool waits = is_end != nullptr;
    CommandWork request;
    request.now = clock_.now();
    request.cause = std::move(call.cause);
    request.idempotency_key = std::move(call.idempotency_key);
    request.fingerprint = fingerprint_of(request.idempotency_key, call.fingerprint);
    request.decide = std::move(call.decide);
    if (waits) {
        Watch watch;
        watch.is_end = std::move(is_end);
        watch.done = [this, ended](std::vector<EventPtr> history) {
            completions_.add(
                [ended, seen = std::move(history)]() mutable { ended->put(std::move(seen)); });
        };
        request.watch = std::move(watch);
    }
    request.done = [this, replied](const StoreResult<Reply>& reply) {
        completions_.add([replied, reply] { replied->put(reply); });
    };
    if (!submit(std::move(request)))
        co_return std::unexpected(StoreError{StoreError::Kind::busy, "too many commands wait"});
    auto reply = co_await replied->wait(settle_limit);
    if (!*reply) co_return std::unexpected(std::move(*reply).error());
    Awaited awaited;
    awaited.reply = **std::move(reply);
    if (waits && awaited.reply.ok()) {
        auto history = co_await ended->wait(std::chrono::milliseconds{config_.reply_timeout_ms});
        if (history) awaited.history = *std::move(history);
    }
    co_return awaited;
}

awaitable<StoreResult<AppendOutcome>> Runtime::append(AppendCall call) {
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto slot = std::make_shared<Slot<StoreResult<AppendOutcome>>>(executor);
    call.commit.time = clock_.now();
    call.fingerprint = fingerprint_of(call.idempotency_key, call.fingerprint);
    auto done = [this, slot](const StoreResult<AppendOutcome>& outcome) {
        completions_.add([slot, outcome] { slot->put(outcome); });
    };
    if (!sequencer_->submit(append_work(std::move(call), std::move(done))))
        co_return std::unexpected(StoreError{StoreError::Kind::busy, "too many commands wait"});
    auto outcome = co_await slot->wait(settle_limit);
    co_return *std::move(outcome);
}

awaitable<StoreResult<Reply>> Runtime::record(Cause cause, operations::Event fact) {
    CommandCall call;
    call.cause = std::move(cause);
    call.decide = [what = std::move(fact)](Unit& unit) {
        return unit.execute<operations::Contract>(operations::journal_of(what), what);
    };
    auto awaited = co_await execute_and_await(std::move(call), nullptr);
    if (!awaited) co_return std::unexpected(std::move(awaited).error());
    co_return std::move(awaited->reply);
}

awaitable<StoreResult<Reply>> Runtime::set_context(std::string context, ContextSetting setting) {
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto slot = std::make_shared<Slot<StoreResult<Reply>>>(executor);
    auto done = [this, slot](const StoreResult<Reply>& reply) {
        completions_.add([slot, reply] { slot->put(reply); });
    };
    auto work =
        engine_->set_context(std::move(context), std::move(setting), clock_.now(), std::move(done));
    if (!sequencer_->submit_owed(std::move(work)))
        co_return std::unexpected(StoreError{StoreError::Kind::busy, "the program stops"});
    auto reply = co_await slot->wait(settle_limit);
    for (const auto& [category, desk] : desks_) desk->wake();
    view_thread_->wake();
    co_return *std::move(reply);
}

awaitable<bool> Runtime::view_reaches(std::string_view view, Position position,
                                      std::chrono::milliseconds timeout) {
    if (view_thread_->progress(view).position >= position) co_return true;
    if (timeout.count() == 0) co_return false;
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto slot = std::make_shared<Slot<bool>>(executor);
    view_thread_->wait_for(view, position, [slot] { slot->put(true); });
    const auto reached = co_await slot->wait(timeout);
    co_return reached.has_value();
}

awaitable<bool> Runtime::ledger_reaches(Position position, std::chrono::milliseconds timeout) {
    if (ledger_->covered() >= position) co_return true;
    if (timeout.count() == 0) co_return false;
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto slot = std::make_shared<Slot<bool>>(executor);
    ledger_->wait_for(position, [slot] { slot->put(true); });
    const auto told = co_await slot->wait(timeout);
    co_return told && ledger_->covered() >= position;
}

void Runtime::tell_growth() {
    growth_told_ = false;
    std::vector<std::shared_ptr<Slot<bool>>> waiting;
    {
        const std::lock_guard lock{growth_mutex_};
        waiting.swap(growth_);
    }
    for (const auto& slot : waiting) slot->put(true);
}

std::shared_ptr<Slot<bool>> Runtime::watch_growth(boost::asio::any_io_executor executor) {
    const auto slot = std::make_shared<Slot<bool>>(std::move(executor));
    const std::lock_guard lock{growth_mutex_};
    std::erase_if(growth_, [](const auto& other) { return other.use_count() == 1; });
    growth_.push_back(slot);
    return slot;
}

}  // namespace yeyak::server
