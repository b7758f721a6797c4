// The repair shop in a world of its own (world.h): what its people do, and what must hold of all
// receipts (invariant 4).
#pragma once
#include "aggregates/repairshop/delivery.h"
#include "aggregates/repairshop/intake.h"
#include "aggregates/repairshop/repair.h"
#include "aggregates/repairshop/take_in.h"
#include "aggregates/repairshop/visit.h"
#include "tests/aggregates/repairshop_samples.h"
#include "tests/aggregates/world.h"

namespace yeyak::tests::car {

class Garage : public World {
  public:
    Garage();

    AnswerPtr submit_take(IntakeKind intake = IntakeKind::repair);
    AnswerPtr submit_to_receipt(std::int64_t id, IntakeCommand command);
    AnswerPtr submit_to_repair(std::int64_t id, RepairCommand command);
    AnswerPtr submit_order(std::int64_t id, SagaOrder order);  // of an operator
    void submit_all_up();
    // The same, each in a batch of its own; the code of the answer.
    std::string take(IntakeKind intake = IntakeKind::repair);
    std::string to_receipt(std::int64_t id, IntakeCommand command);
    std::string to_repair(std::int64_t id, RepairCommand command);

    std::int64_t receipts() const { return receipts_; }
    Taken receipt(std::int64_t id) const;
    std::string stat(std::int64_t id) const { return wire_text(stat_of(receipt(id))); }
    std::string saga_of(std::int64_t id) const;
    // What became of every receipt.
    std::string outcomes() const;

    // What must hold at every moment; `strict` when payment is required before a delivery.
    std::string wrong_so_far(bool strict) const;
    // And what must hold once all is quiet.
    std::string wrong(bool strict) const;

  private:
    AnswerPtr submit_decision(std::move_only_function<Verdict(Unit&)> decide);
    std::string answer(const AnswerPtr& answer);
    std::string wrong(std::int64_t id) const;
    std::int64_t kept(std::int64_t id) const;
    std::int64_t receipts_ = 0;
};

inline constexpr const char* garage_contexts[] = {"repairshop.receipt", "repair",
                                                  "repairshop.payment", "delivery"};

}  // namespace yeyak::tests::car
