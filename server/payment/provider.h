// The port to whoever moves the money. Every request carries a key; a provider carries out one
// charge and one refund per key, however often it is asked. Answers come on the I/O context, at
// once or later, or never: the caller has the time limit.
#pragma once
#include <functional>
#include <string>

#include "aggregates/payment/contract.h"

namespace yeyak::server {

struct ProviderAnswer {
    enum class Kind {
        approved,     // captured; `text` is the approval number
        declined,     // not captured, and `text` says why
        not_charged,  // ask_charge: nothing was captured, and the key is closed for ever
        refunded,
        unavailable,  // the request was not taken; it had no effect
    };
    Kind kind = Kind::unavailable;
    std::string text;
};

class PaymentProvider {
  public:
    using Answer = std::function<void(ProviderAnswer)>;
    virtual ~PaymentProvider() = default;
    virtual void charge(const payment::Charge& charge, Answer answer) = 0;
    virtual void ask_charge(const payment::SettleCharge& asked, Answer answer) = 0;
    virtual void refund(const payment::Refund& refund, Answer answer) = 0;
};

}  // namespace yeyak::server
