// Carries out the effects of notifications: hands each to the channel behind a time limit and a
// bulkhead for each context, and its outcome goes back as a command that also settles the outbox
// entry. Nothing is refused here: what finds no place, or a stopped context, waits here and in the
// outbox. A delivery that failed gets its next time from here, after a pause that doubles and is
// partly random, so that what failed together does not come back together; after the last attempt,
// or when the channel says that it never will take it, it is given up. I/O context only.
#pragma once
#include <boost/asio/io_context.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "aggregates/engine/contexts.h"
#include "aggregates/engine/effect_desk.h"
#include "kernel/edge/clock.h"
#include "server/calls/faults.h"
#include "server/notification/notifier.h"

namespace yeyak::server {

struct NotificationOptions {
    std::int64_t timeout_ms = 5'000;
    std::int64_t max_attempts = 10;
    std::int64_t backoff_ms = 1'000;  // before the second attempt
    std::int64_t bulkhead = 10;       // deliveries at once, per context
    std::uint64_t seed = 1;           // of pauses, and of injected delays and failures
};

class NotificationDesk final : public EffectDesk {
  public:
    // Hands the outcome of the effect to the core.
    using Report = std::function<void(const DueEffect& effect, notification::Command outcome)>;

    NotificationDesk(boost::asio::io_context& io, const Clock& clock, const Contexts& contexts,
                     Notifier& notifier, NotificationOptions options, Report report);

    void carry_out(DueEffect effect) override;
    void wake() override;

  private:
    struct Lane {
        std::int64_t in_flight = 0;
        std::deque<DueEffect> waiting;
    };
    struct Call;
    void go_on(const std::string& context);
    void begin(const std::shared_ptr<Call>& call);
    void hand_over(const std::shared_ptr<Call>& call);
    void finish(const std::shared_ptr<Call>& call, NotifierAnswer delivery);
    notification::Command outcome_of(const Call& call, NotifierAnswer delivery);

    boost::asio::io_context& io_;
    const Clock& clock_;
    const Contexts& contexts_;
    Notifier& notifier_;
    NotificationOptions options_;
    Report report_;
    Faults faults_;
    std::map<std::string, Lane> lanes_;
};

}  // namespace yeyak::server
