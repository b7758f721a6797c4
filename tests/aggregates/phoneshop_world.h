// The phone shop in a world of its own (world.h): what its customers do, and what must hold when
// all is quiet (invariant 5).
#pragma once
#include "aggregates/payment/system.h"
#include "aggregates/phoneshop/front_desk.h"
#include "aggregates/phoneshop/order.h"
#include "aggregates/phoneshop/sale.h"
#include "aggregates/phoneshop/store_order.h"
#include "aggregates/phoneshop/system.h"
#include "tests/aggregates/phoneshop_samples.h"
#include "tests/aggregates/world.h"

namespace yeyak::tests::phones {

class Shop : public World {
  public:
    Shop();

    AnswerPtr submit_order();
    AnswerPtr submit_cancel_of(std::int64_t id);
    AnswerPtr submit_receive(std::int64_t id);
    AnswerPtr submit_operator(std::int64_t id, SagaOrder order);
    Reply order() { return now_asked(submit_order()); }
    Reply cancel_order(std::int64_t id) { return now_asked(submit_cancel_of(id)); }
    Reply receive(std::int64_t id) { return now_asked(submit_receive(id)); }
    void submit_all_up();

    std::int64_t orders() const { return orders_; }
    // What became of each order: "completed: order 3, store 3, kept 1200000".
    std::string outcome(std::int64_t id) const;
    std::string outcomes() const;
    // What does not hold once all is quiet.
    std::string wrong() const;
    // What must hold at every moment: shipped means paid before, and never cancelled.
    std::string wrong_so_far() const;

  private:
    Reply now_asked(const AnswerPtr& answer);
    AnswerPtr submit_decision(std::move_only_function<Verdict(Unit&)> decide);
    std::string saga_of(std::int64_t id) const;
    std::string wrong(std::int64_t id) const;
    std::int64_t kept(std::int64_t id) const;
    std::int64_t orders_ = 0;
};

}  // namespace yeyak::tests::phones
