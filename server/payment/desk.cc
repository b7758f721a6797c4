#include "server/payment/desk.h"

#include <chrono>
#include <utility>

#include "kernel/edge/log.h"
#include "kernel/ensure.h"
#include "kernel/events.h"
#include "kernel/match.h"

namespace yeyak::server {

using Kind = ProviderAnswer::Kind;

// One attempt. `settled` once its outcome was reported: an answer that comes later is dropped, and
// the question is asked again under the same key.
struct PaymentDesk::Call {
    DueEffect due;
    payment::Effect effect;
    ContextSetting setting;
    boost::asio::steady_timer deadline;
    boost::asio::steady_timer delay;
    bool settled = false;
};

PaymentDesk::PaymentDesk(boost::asio::io_context& io, const Clock& clock, const Contexts& contexts,
                         PaymentProvider& provider, CallGuards& guards, DeskOptions options,
                         Report report)
    : io_(io),
      clock_(clock),
      contexts_(contexts),
      provider_(provider),
      guards_(guards),
      options_(std::move(options)),
      report_(std::move(report)),
      faults_(options_.seed) {}

PaymentDesk::~PaymentDesk() = default;

std::chrono::milliseconds PaymentDesk::limit_of(const std::string& context) const {
    const auto own = options_.timeout_of.find(context);
    return std::chrono::milliseconds{own == options_.timeout_of.end() ? options_.timeout_ms
                                                                      : own->second};
}

void PaymentDesk::carry_out(DueEffect due) {
    auto setting = contexts_.get(due.effect.context);
    if (setting.state == ContextState::down) {
        held_.push_back(std::move(due));
        return;
    }
    auto effect = decode_event<payment::Effect>(due.effect.type, due.effect.payload);
    ensure(effect.has_value(), "an effect that was written can be read");
    begin(std::make_shared<Call>(Call{std::move(due), *std::move(effect), std::move(setting),
                                      boost::asio::steady_timer{io_},
                                      boost::asio::steady_timer{io_}}));
}

void PaymentDesk::wake() {
    for (auto& due : std::exchange(held_, {})) carry_out(std::move(due));
}

void PaymentDesk::begin(std::shared_ptr<Call> call) {
    const auto& context = call->due.effect.context;
    const auto refused = guards_.enter(context, clock_.now());
    if (!refused.empty()) return refuse(call, std::string{refused});
    const auto delay = faults_.delay(call->setting);
    if (!delay) return ask_provider(call);
    call->deadline.expires_after(limit_of(call->due.effect.context));
    call->deadline.async_wait([this, call](const auto& error) {
        if (!error) expire(call);
    });
    call->delay.expires_after(*delay);
    call->delay.async_wait([this, call](const auto& error) {
        if (!error) ask_provider(call);  // also when the caller has given up: it was sent
    });
}

void PaymentDesk::ask_provider(const std::shared_ptr<Call>& call) {
    if (faults_.fails(call->setting)) return finish(call, {Kind::unavailable, "failed"});
    const bool lost = faults_.loses(call->setting);
    const auto answer = [this, call, lost](ProviderAnswer got) {
        if (!lost) finish(call, std::move(got));
    };
    match<void>(call->effect)(
        [&](const payment::Charge& e) { provider_.charge(e, answer); },
        [&](const payment::SettleCharge& e) { provider_.ask_charge(e, answer); },
        [&](const payment::Refund& e) { provider_.refund(e, answer); });
    if (call->settled || call->setting.delay_ms.size() == 2) return;
    call->deadline.expires_after(limit_of(call->due.effect.context));
    call->deadline.async_wait([this, call](const auto& error) {
        if (!error) expire(call);
    });
}

void PaymentDesk::finish(const std::shared_ptr<Call>& call, ProviderAnswer answer) {
    if (std::exchange(call->settled, true)) return;
    call->deadline.cancel();
    const Instant now = clock_.now();
    const bool failed = answer.kind == Kind::unavailable;
    guards_.leave(call->due.effect.context,
                  failed ? Breaker::Outcome::failure : Breaker::Outcome::success, now);
    if (failed) {
        call->settled = false;
        return refuse(call, answer.text);
    }
    payment::Command outcome = payment::RecordRefund{};
    if (answer.kind == Kind::approved) outcome = payment::RecordApproval{answer.text, now};
    if (answer.kind == Kind::declined) outcome = payment::RecordDecline{answer.text};
    if (answer.kind == Kind::not_charged) outcome = payment::RecordNotCharged{answer.text};
    report_(call->due, std::move(outcome));
}

void PaymentDesk::expire(const std::shared_ptr<Call>& call) {
    if (std::exchange(call->settled, true)) return;
    const Instant now = clock_.now();
    guards_.leave(call->due.effect.context, Breaker::Outcome::timeout, now);
    log::warning("payment_timeout", {{"stream", call->due.key}}, call->due.effect.correlation_id);
    if (std::holds_alternative<payment::Refund>(call->effect))
        report_(call->due, payment::RecordRefundFailure{"timeout", now});
    else
        report_(call->due, payment::RecordUnknown{"timeout", now});
}

// The request never reached the provider. For a charge that is certain, so the payment has failed;
// a question or a refund is tried again later.
void PaymentDesk::refuse(const std::shared_ptr<Call>& call, std::string reason) {
    if (std::exchange(call->settled, true)) return;
    log::warning("payment_refused", {{"stream", call->due.key}, {"reason", reason}},
                 call->due.effect.correlation_id);
    const Instant now = clock_.now();
    match<void>(call->effect)(
        [&](const payment::Charge&) { report_(call->due, payment::RecordNotCharged{reason}); },
        [&](const payment::SettleCharge&) {
            report_(call->due, payment::RecordUnknown{reason, now});
        },
        [&](const payment::Refund&) {
            report_(call->due, payment::RecordRefundFailure{reason, now});
        });
}

}  // namespace yeyak::server
