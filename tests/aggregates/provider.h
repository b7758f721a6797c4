// A payment provider as a ledger, and the many ways in which it can treat a call. It knows one
// charge per key: asked twice it answers twice and takes the money once.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "aggregates/payment/contract.h"

namespace yeyak::tests {

// What becomes of one call.
enum class Fate {
    ok,       // done and answered
    refused,  // declined; for a refund: not now
    failed,   // not taken, for certain; for a refund and a question: not now
    lost,     // done, but no answer comes
    nothing,  // not done and no answer
    late,     // done; the caller has given up when the answer comes
    twice,    // done and answered twice
};
inline constexpr Fate all_fates[] = {Fate::ok,      Fate::refused, Fate::failed, Fate::lost,
                                     Fate::nothing, Fate::late,    Fate::twice};

class Provider {
  public:
    struct Account {
        std::int64_t captured = 0;
        std::int64_t refunded = 0;
        int captures = 0;
        int refunds = 0;
        bool declined = false;
        bool closed = false;  // settled without a charge: there never will be one
    };

    // The commands that tell the outcome, in the order in which they arrive.
    std::vector<payment::Command> call(const payment::Effect& effect, Fate fate, Instant now);

    Account account(const std::string& key) const;
    const std::map<std::string, Account>& accounts() const { return accounts_; }

  private:
    using Answers = std::vector<payment::Command>;
    Answers charge(const payment::Charge& charge, Fate fate, Instant now);
    Answers settle(const payment::SettleCharge& settle, Fate fate, Instant now);
    Answers refund(const payment::Refund& refund, Fate fate, Instant now);
    payment::Command outcome(const std::string& key, Instant now) const;

    std::map<std::string, Account> accounts_;
};

}  // namespace yeyak::tests
