// The provider that is built in: it approves every charge at once and moves no money. The declines
// that a context setting asks for (declinePerMille) are made here. It remembers the newest 100,000
// keys while the process lives, as long as anybody asks about them again; a key that it does not
// know was never charged. I/O context only.
#pragma once
#include <random>

#include "aggregates/engine/contexts.h"
#include "aggregates/engine/contexts_by_prefix.h"
#include "eventstore/lru_map.h"
#include "server/payment/provider.h"

namespace yeyak::server {

class BuiltinProvider final : public PaymentProvider {
  public:
    BuiltinProvider(const Contexts& contexts, ContextsByPrefix desks, std::uint64_t seed)
        : contexts_(contexts), desks_(std::move(desks)), random_(seed) {}

    void charge(const payment::Charge& charge, Answer answer) override;
    void ask_charge(const payment::SettleCharge& asked, Answer answer) override;
    void refund(const payment::Refund& refund, Answer answer) override;

  private:
    static constexpr std::size_t keys_remembered = 100'000;
    bool declines(std::string_view key);

    const Contexts& contexts_;
    ContextsByPrefix desks_;
    std::mt19937_64 random_;
    LruMap<ProviderAnswer> ledger_{keys_remembered};
};

}  // namespace yeyak::server
