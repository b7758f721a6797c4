#include "tests/replay-tools/data_folder.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "aggregates/payment/contract.h"
#include "aggregates/payment/system.h"
#include "aggregates/prereservation/reservation_contract.h"
#include "aggregates/prereservation/system.h"
#include "kernel/ensure.h"
#include "tests/kept.h"
#include "tests/systems.h"

namespace yeyak::tools::testing {
namespace {

using eventstore::RocksOptions;
using eventstore::RocksStore;
using prereservation::ReservationContract;

constexpr std::size_t batch_size = 256;

std::int64_t number_of(const std::string& order) {
    const auto number = prereservation::reservation_of_order(order);
    ensure(number.has_value(), "only pre-reservations are paid here");
    return *number;
}

std::unique_ptr<RocksStore> open(const std::filesystem::path& data, bool read_only) {
    RocksOptions options;
    options.data_dir = data;
    options.read_only = read_only;
    auto store = RocksStore::open(options);
    ensure(store.has_value(), "the test's data folder opens");
    return *std::move(store);
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
    auto name = (std::filesystem::temp_directory_path() / "yeyak-tools-test-XXXXXX").string();
    ensure(mkdtemp(name.data()) != nullptr, "a temporary folder can be made");
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

Platform::Platform(const std::filesystem::path& data)
    : store_(open(data, false)), engine_(std::make_unique<Engine>(*store_)) {
    payment::install(*engine_, ContextsByPrefix{{{"prereservation-", "payment"}}});
    prereservation::install(*engine_);
    auto owed = engine_->open();
    ensure(owed.has_value(), "the engine opens");
    timers_ = std::move(owed->timers);
}

Platform::~Platform() = default;

void Platform::give(CommandWork request) {
    request.now = now_;
    if (request.cause.correlation_id.empty())
        request.cause = {fmt::format("request-{}", ++request_), "", "user:1"};
    batch_.push_back(engine_->work(std::move(request)));
    if (batch_.size() >= batch_size) run();
}

// Until nothing is owed any more that is not meant to stay.
void Platform::run() {
    while (!batch_.empty()) {
        now_.ms += 1000;
        auto batch = std::exchange(batch_, {});
        while (!batch.empty()) eventstore::run_batch(*store_, batch);
        auto owed = engine_->take_owed();
        for (auto& timer : owed.timers) timers_.push_back(std::move(timer));
        for (const auto& effect : owed.effects) carry_out(effect);
    }
}

void Platform::reserve(std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
        CommandWork request;
        const auto user = ++last_ % 97 + 1;
        request.cause = {fmt::format("request-{}", ++request_), "", fmt::format("user:{}", user)};
        request.idempotency_key = fmt::format("reservations/key-{}", last_);
        request.fingerprint = fmt::format("f{}", last_);
        request.decide = [user, expected = last_](Unit& unit) {
            const auto id = static_cast<std::int64_t>(unit.next_number("prereservation"));
            ensure(id == expected, "numbers are given out in order");
            prereservation::ReservationRequested r;
            r.id = id;
            r.user_id = user;
            r.user_address = tests::sealed("서울특별시 중구 세종대로 110");
            r.product_id = id % 5 + 1;
            r.product_name = "갤럭시 S24";
            r.price = Won{1'000'000 + id};
            r.card_no = tests::sealed("1234-****-****-1234");
            r.card_token = tests::card_token(fmt::format("tok_{}", id));
            r.delivery_days = 21;
            return unit.execute<ReservationContract>(std::to_string(id),
                                                     prereservation::RequestReservation{r});
        };
        give(std::move(request));
    }
    run();
}

void Platform::carry_out(const DueEffect& due) {
    const auto fate = fate_of(number_of(due.effect.id));
    std::optional<payment::Command> outcome;
    if (due.effect.type == payment::Refund::type) {
        if (fate == Fate::refund_postponed)
            outcome = payment::RecordRefundFailure{"bank closed", now_};
        else
            outcome = payment::RecordRefund{};
    } else if (due.effect.type == payment::SettleCharge::type) {
        outcome = payment::RecordApproval{"A2", now_};
    } else if (fate == Fate::declined) {
        outcome = payment::RecordDecline{"card declined"};
    } else if (fate == Fate::not_charged) {
        outcome = payment::RecordNotCharged{"breaker open"};
    } else if (fate == Fate::unknown || fate == Fate::unknown_refunded) {
        outcome = payment::RecordUnknown{"timeout", now_};
    } else if (fate != Fate::paying) {
        outcome = payment::RecordApproval{"A1", now_};
    }
    if (!outcome) return;
    CommandWork request;
    request.now = now_;
    request.cause = {due.effect.correlation_id, due.key, due.effect.actor};
    request.resolves = due.key;
    request.decide = [id = due.effect.id, command = *std::move(outcome)](Unit& unit) {
        return unit.execute<payment::Contract>(id, command);
    };
    batch_.push_back(engine_->work(std::move(request)));
}

void Platform::ask_again() {
    now_.ms += 3'600'000;
    for (const auto& due : std::exchange(timers_, {})) {
        if (fate_of(number_of(due.timer.id)) == Fate::unknown_refunded)
            batch_.push_back(engine_->fire_timer(due.key, now_));
        else
            timers_.push_back(due);
    }
    run();
}

void Platform::cancel_all(Fate fate) {
    for (std::int64_t id = 1; id <= last_; ++id) {
        if (fate_of(id) != fate) continue;
        CommandWork request;
        request.decide = [id](Unit& unit) {
            return unit.execute<ReservationContract>(
                std::to_string(id),
                prereservation::CancelReservation{id, prereservation::CancelReason::user_request});
        };
        give(std::move(request));
    }
    run();
}

void Platform::cancel() {
    cancel_all(Fate::cancelled);
    cancel_all(Fate::refund_postponed);
}

void Platform::close_desk() {
    ContextSetting down;
    down.state = ContextState::down;
    batch_.push_back(engine_->set_context("payment", down, now_, [](const auto&) {}));
    run();
    cancel_all(Fate::desk_closed);
}

void build_views(const std::filesystem::path& data, std::size_t step) {
    const auto log = open(data, true);
    const auto store = projections::ViewStore::open(data / "views", false);
    ensure(store.has_value(), "the views open");
    for (const auto& view : tests::all_views()) {
        const projections::Build build{std::string{view->name()}, 1};
        ensure((*store)->activate(build, view->version()).has_value(), "the view is activated");
        const auto builder = view->builder(**store, build);
        ensure(builder.has_value(), "the view can be built");
        eventstore::AllQuery query;
        query.max_events = step;
        while (true) {
            const auto page = log->read_all(query);
            ensure(page.has_value(), "the log can be read");
            ensure((*builder)->apply(page->events).has_value(), "the events can be applied");
            if (page->end) break;
            query.after = page->next_after;
        }
    }
}

void fill(const std::filesystem::path& data, std::int64_t reservations) {
    {
        Platform platform{data};
        platform.reserve(reservations);
        platform.ask_again();
        platform.cancel();
        platform.close_desk();
    }
    build_views(data, 37);
}

std::map<std::string, std::string> snapshot_of(const std::filesystem::path& folder) {
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
        const auto name = std::filesystem::relative(entry.path(), folder).string();
        const auto changed = entry.last_write_time().time_since_epoch().count();
        std::ostringstream content;
        if (entry.is_regular_file()) content << std::ifstream{entry.path()}.rdbuf();
        files[name] = fmt::format("{} {}", changed, content.str());
    }
    return files;
}

}  // namespace yeyak::tools::testing
