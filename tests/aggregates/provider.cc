#include "tests/aggregates/provider.h"

#include "kernel/match.h"

namespace yeyak::tests {

using namespace payment;

std::vector<Command> Provider::call(const Effect& effect, Fate fate, Instant now) {
    return match<Answers>(effect)([&](const Charge& e) { return charge(e, fate, now); },
                                  [&](const SettleCharge& e) { return settle(e, fate, now); },
                                  [&](const Refund& e) { return refund(e, fate, now); });
}

Provider::Account Provider::account(const std::string& key) const {
    const auto found = accounts_.find(key);
    return found == accounts_.end() ? Account{} : found->second;
}

Command Provider::outcome(const std::string& key, Instant now) const {
    const auto known = account(key);
    if (known.captures > 0) return RecordApproval{"A-" + key, now};
    if (known.declined) return RecordDecline{"limit"};
    return RecordNotCharged{"closed"};
}

Provider::Answers Provider::charge(const Charge& charge, Fate fate, Instant now) {
    auto& account = accounts_[charge.key];
    const bool decided = account.captures > 0 || account.declined || account.closed;
    if (fate == Fate::failed) {
        if (!decided) account.closed = true;
        return {outcome(charge.key, now)};
    }
    if (!decided && fate == Fate::refused) account.declined = true;
    if (!decided && fate != Fate::refused && fate != Fate::nothing) {
        account.captured += charge.amount.amount;
        ++account.captures;
    }
    const RecordUnknown timeout{"timeout", now};
    if (fate == Fate::lost || fate == Fate::nothing) return {timeout};
    if (fate == Fate::late) return {timeout, outcome(charge.key, now)};
    if (fate == Fate::twice) return {outcome(charge.key, now), outcome(charge.key, now)};
    return {outcome(charge.key, now)};
}

Provider::Answers Provider::settle(const SettleCharge& settle, Fate fate, Instant now) {
    auto& account = accounts_[settle.key];
    const RecordUnknown timeout{"timeout", now};
    if (fate == Fate::failed || fate == Fate::nothing) return {timeout};
    if (account.captures == 0 && !account.declined) account.closed = true;
    if (fate == Fate::lost) return {timeout};
    if (fate == Fate::late) return {timeout, outcome(settle.key, now)};
    if (fate == Fate::twice) return {outcome(settle.key, now), outcome(settle.key, now)};
    return {outcome(settle.key, now)};
}

Provider::Answers Provider::refund(const Refund& refund, Fate fate, Instant now) {
    auto& account = accounts_[refund.key];
    const RecordRefundFailure not_now{"timeout", now};
    if (fate == Fate::failed || fate == Fate::nothing || fate == Fate::refused) return {not_now};
    if (account.refunds == 0) {
        account.refunded += refund.amount.amount;
        ++account.refunds;
    }
    if (fate == Fate::lost) return {not_now};
    if (fate == Fate::late) return {not_now, RecordRefund{}};
    if (fate == Fate::twice) return {RecordRefund{}, RecordRefund{}};
    return {RecordRefund{}};
}

}  // namespace yeyak::tests
