#include "tests/aggregates/repairshop_world.h"

#include <fmt/format.h>

#include "aggregates/engine/saga_step.h"
#include "aggregates/payment/system.h"
#include "aggregates/repairshop/system.h"
#include "kernel/ensure.h"
#include "kernel/match.h"

namespace yeyak::tests::car {

namespace {

void install_garage(Engine& engine) {
    payment::install(engine, ContextsByPrefix{{{"repairshop-", "repairshop.payment"}}});
    repairshop::install(engine);
}

// One receipt, as the log tells it from the beginning.
struct Story {
    bool imported = false;
    bool repaired = false;
    bool paid = false;
    bool gone = false;
    int payments = 0;
    int deliveries = 0;
};

std::string look(Story& story, const IntakeEvent& event, bool strict) {
    std::string wrong;
    match(event)([&](const IntakeImported&) { story.imported = true; },
                 [&](const PaymentRequested&) { ++story.payments; },
                 [&](const IntakePaid&) {
                     if (!story.repaired || story.imported) wrong = "paid before it was repaired";
                     if (story.paid) wrong = "paid twice";
                     story.paid = true;
                 },
                 [&](const IntakeFollowedDelivery&) {
                     if (strict && !story.paid && !story.imported)
                         wrong = "delivered before it was paid";
                 },
                 [](const auto&) {});
    return wrong;
}

void look(Story& story, const RepairEvent& event) {
    match(event)([&](const RepairCompleted&) { story.repaired = true; },
                 [&](const RepairRejected&) { story.gone = true; },
                 [&](const RepairCancelled&) { story.gone = true; }, [](const RepairReceived&) {});
}

}  // namespace

Garage::Garage() : World(nullptr, &install_garage) {}

World::AnswerPtr Garage::submit_decision(std::move_only_function<Verdict(Unit&)> decide) {
    CommandWork request;
    request.cause = {"request-1", "request-1", "reception"};
    request.decide = std::move(decide);
    return submit(std::move(request));
}

World::AnswerPtr Garage::submit_take(IntakeKind intake) {
    return submit_decision([this, intake](Unit& unit) {
        auto verdict = take_in(unit, intake, plate);
        if (verdict.ok()) ++receipts_;
        return verdict;
    });
}
World::AnswerPtr Garage::submit_to_receipt(std::int64_t id, IntakeCommand command) {
    return submit_decision([id, command = std::move(command)](Unit& unit) {
        return unit.execute<IntakeContract>(std::to_string(id), command);
    });
}
World::AnswerPtr Garage::submit_to_repair(std::int64_t id, RepairCommand command) {
    return submit_decision([id, command = std::move(command)](Unit& unit) {
        return unit.execute<RepairContract>(std::to_string(id), command);
    });
}
World::AnswerPtr Garage::submit_order(std::int64_t id, SagaOrder order) {
    return submit_decision([id, order](Unit& unit) {
        return unit.operate(Visit::category, std::to_string(id), order);
    });
}
void Garage::submit_all_up() {
    for (const auto* context : garage_contexts) submit_context(context, ContextState::up);
}

std::string Garage::answer(const AnswerPtr& answer) {
    run_batch();
    ensure(answer->given, "every request of a batch is answered");
    return answer->reply.code();
}
std::string Garage::take(IntakeKind intake) { return answer(submit_take(intake)); }
std::string Garage::to_receipt(std::int64_t id, IntakeCommand command) {
    return answer(submit_to_receipt(id, std::move(command)));
}
std::string Garage::to_repair(std::int64_t id, RepairCommand command) {
    return answer(submit_to_repair(id, std::move(command)));
}

Taken Garage::receipt(std::int64_t id) const {
    return std::get<Taken>(state<Intake>(std::to_string(id)));
}

std::string Garage::saga_of(std::int64_t id) const {
    const auto steps = stream(stream_of(Visit::category, std::to_string(id)));
    return steps.empty() ? "none" : saga_summary(steps.back()->data.payload)->state;
}

// Of all attempts together; each was captured once at most.
std::int64_t Garage::kept(std::int64_t id) const {
    std::int64_t kept = 0;
    for (std::int64_t attempt = 1; attempt <= receipt(id).attempt; ++attempt) {
        const auto account = provider.account(stream_of("payment.payment", name_of({id, attempt})));
        kept += account.captured - account.refunded;
    }
    return kept;
}

std::string Garage::outcomes() const {
    std::string all;
    for (std::int64_t id = 1; id <= receipts_; ++id)
        all += fmt::format("{}: {}, kept {}, {}\n", id, stat(id), kept(id), saga_of(id));
    return all;
}

std::string Garage::wrong_so_far(bool strict) const {
    std::map<std::string, Story> stories;
    for (const auto& event : log()) {
        const auto category = eventstore::category_of(event->stream);
        auto& story = stories[event->stream.substr(category.size() + 1)];
        const auto& [type, payload] = std::tie(event->data.type, event->data.payload);
        std::string wrong;
        if (category == IntakeContract::category)
            wrong = look(story, *decode_event<IntakeEvent>(type, payload), strict);
        if (category == RepairContract::category)
            look(story, *decode_event<RepairEvent>(type, payload));
        if (category == DeliveryContract::category && ++story.deliveries > 1)
            wrong = "delivered twice";
        if (story.gone && story.payments > 0) wrong = "a payment of a car that is not repaired";
        if (!wrong.empty()) return fmt::format("{}: {}", event->stream, wrong);
    }
    return "";
}

std::string Garage::wrong(bool strict) const {
    if (!quiet()) return "something is still owed";
    for (std::int64_t id = 1; id <= receipts_; ++id)
        if (auto text = wrong(id); !text.empty()) return fmt::format("receipt {}: {}", id, text);
    return wrong_so_far(strict);
}

std::string Garage::wrong(std::int64_t id) const {
    const auto number = std::to_string(id);
    const auto taken = receipt(id);
    const auto saga = saga_of(id);
    if (saga == "working") return "the saga is stuck";
    const bool imported = stream(stream_of(RepairContract::category, number)).empty();
    const auto repair = state<Repair>(number);
    const auto* closed = std::get_if<Closed>(&repair);
    const auto heard = closed ? closed->how : RepairStat::repair_received;
    if (!imported && taken.repair != heard) return "the receipt disagrees with its repair";
    if (taken.cancelling) return "a cancel was forgotten";
    if (taken.payment == PaymentStat::requested) return "a payment was forgotten";
    const bool delivered = std::holds_alternative<Started>(state<CarDelivery>(number));
    if (delivered != (taken.delivery == DeliveryStat::delivery_started))
        return "the receipt disagrees with its delivery";
    if (!delivered && taken.delivery != DeliveryStat::none) return "a delivery was forgotten";
    const bool paid_here = taken.payment == PaymentStat::paid && !imported;
    if (kept(id) != (paid_here ? amount.amount : 0))
        return fmt::format("{} won were kept", kept(id));
    const bool over = delivered || taken.repair == RepairStat::repair_rejected;
    const bool undone = !over && taken.repair == RepairStat::repair_cancelled;
    const std::string expected = over ? "completed" : undone ? "compensated" : "waiting";
    if (saga != expected) return "the saga is " + saga + " and not " + expected;
    ++seen()[fmt::format("{} {}", saga, wire_text(stat_of(taken)))];
    return "";
}

}  // namespace yeyak::tests::car
