// Carries out the effects of payments: one charge, question or refund at a time goes through here
// to the provider, behind a time limit, a bulkhead and a circuit breaker for each payment context,
// and its outcome comes back as a command that also settles the outbox entry. What has no answer in
// time is unknown, never failed. Effects of a stopped context wait here, and in the outbox, until
// it is up. I/O context only.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "aggregates/engine/contexts.h"
#include "aggregates/engine/effect_desk.h"
#include "kernel/edge/clock.h"
#include "server/calls/faults.h"
#include "server/calls/guards.h"
#include "server/payment/provider.h"

namespace yeyak::server {

struct DeskOptions {
    std::int64_t timeout_ms = 620;
    std::map<std::string, std::int64_t> timeout_of = {};  // contexts with a limit of their own
    std::uint64_t seed = 1;                               // of the injected delays and failures
};

class PaymentDesk final : public EffectDesk {
  public:
    // Hands the outcome of the effect under `key` to the core.
    using Report = std::function<void(const DueEffect& effect, payment::Command outcome)>;

    PaymentDesk(boost::asio::io_context& io, const Clock& clock, const Contexts& contexts,
                PaymentProvider& provider, CallGuards& guards, DeskOptions options, Report report);
    ~PaymentDesk() override;

    void carry_out(DueEffect effect) override;
    void wake() override;

  private:
    struct Call;
    std::chrono::milliseconds limit_of(const std::string& context) const;
    void begin(std::shared_ptr<Call> call);
    void ask_provider(const std::shared_ptr<Call>& call);
    void finish(const std::shared_ptr<Call>& call, ProviderAnswer answer);
    void expire(const std::shared_ptr<Call>& call);
    void refuse(const std::shared_ptr<Call>& call, std::string reason);

    boost::asio::io_context& io_;
    const Clock& clock_;
    const Contexts& contexts_;
    PaymentProvider& provider_;
    CallGuards& guards_;
    DeskOptions options_;
    Report report_;
    Faults faults_;
    std::vector<DueEffect> held_;
};

}  // namespace yeyak::server
