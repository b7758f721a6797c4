#include "server/notification/desk.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "kernel/edge/log.h"
#include "kernel/ensure.h"
#include "kernel/events.h"

namespace yeyak::server {
namespace {

using notification::Deliver;
using Kind = NotifierAnswer::Kind;

constexpr std::int64_t longest_pause_ms = 3'600'000;

Deliver decoded(const PendingEffect& effect) {
    auto read = decode_event<notification::Effect>(effect.type, effect.payload);
    ensure(read.has_value(), "an effect that was written can be read");
    return std::get<Deliver>(*std::move(read));
}

}  // namespace

// One attempt. `settled` once its outcome was reported: an answer that comes later is dropped, and
// the notification is handed over again under the same id.
struct NotificationDesk::Call {
    Call(boost::asio::io_context& io, DueEffect effect, ContextSetting context_setting)
        : due(std::move(effect)),
          what(decoded(due.effect)),
          setting(std::move(context_setting)),
          deadline(io),
          delay(io) {}
    DueEffect due;
    Deliver what;
    ContextSetting setting;
    boost::asio::steady_timer deadline;
    boost::asio::steady_timer delay;
    bool settled = false;
};

NotificationDesk::NotificationDesk(boost::asio::io_context& io, const Clock& clock,
                                   const Contexts& contexts, Notifier& notifier,
                                   NotificationOptions options, Report report)
    : io_(io),
      clock_(clock),
      contexts_(contexts),
      notifier_(notifier),
      options_(options),
      report_(std::move(report)),
      faults_(options.seed) {}

void NotificationDesk::carry_out(DueEffect due) {
    const auto context = due.effect.context;
    lanes_[context].waiting.push_back(std::move(due));
    go_on(context);
}

void NotificationDesk::wake() {
    for (const auto& [context, unused] : lanes_) go_on(context);
}

void NotificationDesk::go_on(const std::string& context) {
    auto& lane = lanes_[context];
    while (!lane.waiting.empty() && lane.in_flight < options_.bulkhead) {
        auto setting = contexts_.get(context);
        if (setting.state == ContextState::down) return;
        ++lane.in_flight;
        auto due = std::move(lane.waiting.front());
        lane.waiting.pop_front();
        begin(std::make_shared<Call>(io_, std::move(due), std::move(setting)));
    }
}

void NotificationDesk::begin(const std::shared_ptr<Call>& call) {
    call->deadline.expires_after(std::chrono::milliseconds{options_.timeout_ms});
    call->deadline.async_wait([this, call](const auto& error) {
        if (!error) finish(call, {Kind::failed, "timeout"});
    });
    const auto delay = faults_.delay(call->setting);
    if (!delay) return hand_over(call);
    call->delay.expires_after(*delay);
    call->delay.async_wait([this, call](const auto& error) {
        if (!error) hand_over(call);
    });
}

void NotificationDesk::hand_over(const std::shared_ptr<Call>& call) {
    if (faults_.fails(call->setting)) return finish(call, {Kind::failed, "failed"});
    const bool lost = faults_.loses(call->setting);
    notifier_.deliver(call->what, [this, call, lost](NotifierAnswer delivery) {
        if (!lost) finish(call, std::move(delivery));
    });
}

void NotificationDesk::finish(const std::shared_ptr<Call>& call, NotifierAnswer delivery) {
    if (std::exchange(call->settled, true)) return;
    call->deadline.cancel();
    call->delay.cancel();
    const auto& context = call->due.effect.context;
    auto& lane = lanes_[context];
    --lane.in_flight;
    // Posted: a channel that answers at once must not go deeper with each one that waits.
    if (!lane.waiting.empty()) boost::asio::post(io_, [this, name = context] { go_on(name); });
    report_(call->due, outcome_of(*call, std::move(delivery)));
}

notification::Command NotificationDesk::outcome_of(const Call& call, NotifierAnswer delivery) {
    if (delivery.kind == Kind::delivered) return notification::RecordDelivered{};
    const auto attempt = call.what.attempt;
    const bool last = attempt >= options_.max_attempts || delivery.kind == Kind::rejected;
    log::write(last ? log::Level::warning : log::Level::info, "notification_failed",
               {{"id", call.what.notification.id},
                {"attempt", attempt},
                {"reason", delivery.reason},
                {"given_up", last}},
               call.due.effect.correlation_id);
    if (last) return notification::RecordFailure{std::move(delivery.reason), std::nullopt};
    const auto doubled = options_.backoff_ms << std::min<std::int64_t>(attempt - 1, 20);
    const auto half = std::min(doubled, longest_pause_ms) / 2;
    const auto pause = half + faults_.below(half + 1);
    return notification::RecordFailure{std::move(delivery.reason),
                                       clock_.now() + std::max(pause, delivery.pause_ms)};
}

}  // namespace yeyak::server
