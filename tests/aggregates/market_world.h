// The market in a world of its own: its users, and what must hold for them.
#pragma once
#include "aggregates/market/bill.h"
#include "aggregates/market/product.h"
#include "aggregates/market/purchase.h"
#include "aggregates/market/reservation.h"
#include "aggregates/market/shop.h"
#include "tests/aggregates/market_samples.h"
#include "tests/aggregates/world.h"

namespace yeyak::tests {

class MarketWorld : public World {
  public:
    MarketWorld();

    // Answered when the next batch has run.
    AnswerPtr submit_register(std::int64_t price = coffee_price.amount);
    AnswerPtr submit_reserve(std::int64_t product);
    AnswerPtr submit_cancel(std::int64_t reservation);
    AnswerPtr submit_pay(std::int64_t reservation);

    // Each in a batch of its own; what it answers.
    std::string sell(std::int64_t price = coffee_price.amount);
    std::string reserve(std::int64_t product);
    std::string cancel(std::int64_t reservation);
    std::string pay(std::int64_t reservation);

    // All that happens by itself before the first reservation of today expires.
    void rest() { settle(now + 20 * 60'000); }

    // The types of the events since it was asked last, without what people are told of them.
    std::vector<std::string> news();
    std::string product(std::int64_t id) const;         // 01, 02, soldOut
    std::string reservation(std::int64_t id) const;     // 01, 02
    std::string bill(std::int64_t id) const;            // 01, paying, 02, closed
    std::string purchase(std::int64_t id) const;        // the state of its saga
    std::int64_t kept(std::int64_t reservation) const;  // captured less refunded, all attempts

    // Invariant 3 at every position of the log, and, when all is quiet, that every part of every
    // purchase agrees with the others. Answers what does not hold.
    std::string held_twice() const;
    std::string disagreement() const;

  private:
    eventstore::Position read_ = 0;
    AnswerPtr submit_command(std::function<Verdict(Unit&)> decide);
    std::string code_of(const AnswerPtr& answer);
    std::string disagreement(std::int64_t reservation) const;
};

}  // namespace yeyak::tests
