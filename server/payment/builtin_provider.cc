#include "server/payment/builtin_provider.h"

#include <fmt/format.h>

#include "eventstore/event.h"
#include "kernel/ensure.h"

namespace yeyak::server {

using Kind = ProviderAnswer::Kind;

bool BuiltinProvider::declines(std::string_view key) {
    const auto category = payment::Contract::category;
    ensure(key.size() > category.size(), "a charge is known by the stream of its payment");
    const auto context = desks_.of(key.substr(category.size() + 1));
    const auto per_mille = contexts_.get(context).decline_per_mille;
    return per_mille > 0 && static_cast<std::int64_t>(random_() % 1000) < per_mille;
}

void BuiltinProvider::charge(const payment::Charge& charge, Answer answer) {
    ProviderAnswer* known = ledger_.find(charge.key);
    if (!known) {
        known = &ledger_.put(charge.key, {});
        if (declines(charge.key))
            *known = {Kind::declined, "the card was declined"};
        else
            *known = {Kind::approved, fmt::format("A{:012}", random_() % 1'000'000'000'000)};
    }
    answer(known->kind == Kind::not_charged ? ProviderAnswer{Kind::declined, "the key is closed"}
                                            : *known);
}

void BuiltinProvider::ask_charge(const payment::SettleCharge& asked, Answer answer) {
    const ProviderAnswer* known = ledger_.find(asked.key);
    if (!known) known = &ledger_.put(asked.key, {Kind::not_charged, "no charge was received"});
    answer(*known);
}

void BuiltinProvider::refund(const payment::Refund& refund, Answer answer) {
    ledger_.put(refund.key, {Kind::refunded, ""});
    answer({Kind::refunded, ""});
}

}  // namespace yeyak::server
