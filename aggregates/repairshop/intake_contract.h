// The published language of the reception desk: one receipt for one car, from the request of a
// repair to the delivery. Every event says the receipt's status after it.
#pragma once
#include <boost/describe.hpp>
#include <boost/describe/enum_to_string.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "aggregates/repairshop/repair_contract.h"
#include "kernel/money.h"
#include "kernel/sealed.h"

namespace yeyak::repairshop {

// How far a receipt has come, all in all.
enum class IntakeStat {
    repair_requested,
    repair_received,
    repaired,
    payment_requested,
    paid,
    delivery_requested,
    delivery_started,
    repair_rejected,
    cancel_requested,
    cancelled
};
BOOST_DESCRIBE_ENUM(IntakeStat, repair_requested, repair_received, repaired, payment_requested,
                    paid, delivery_requested, delivery_started, repair_rejected, cancel_requested,
                    cancelled)

enum class PaymentFailure { payment_declined, payment_unavailable };
BOOST_DESCRIBE_ENUM(PaymentFailure, payment_declined, payment_unavailable)

// --- events -----------------------------------------------------------------------------------

struct Received {
    static constexpr std::string_view type = "repairshop.received.v1";
    std::int64_t id = 0;
    Sealed vehi_no;
    IntakeStat stat = IntakeStat::repair_requested;
    friend bool operator==(const Received&, const Received&) = default;
};
BOOST_DESCRIBE_STRUCT(Received, (), (id, vehi_no, stat))

// Taken over from elsewhere, repaired and paid there: it is here to be delivered.
struct IntakeImported {
    static constexpr std::string_view type = "repairshop.receipt_imported.v1";
    std::int64_t id = 0;
    Sealed vehi_no;
    IntakeStat stat = IntakeStat::paid;
    friend bool operator==(const IntakeImported&, const IntakeImported&) = default;
};
BOOST_DESCRIBE_STRUCT(IntakeImported, (), (id, vehi_no, stat))

// What the repair shop said of its repair; the amount comes with `repaired`.
struct IntakeFollowedRepair {
    static constexpr std::string_view type = "repairshop.receipt_followed_repair.v1";
    std::int64_t id = 0;
    RepairStat repair = RepairStat::repair_received;
    std::optional<Won> repair_amt;
    IntakeStat stat = IntakeStat::repair_received;
    friend bool operator==(const IntakeFollowedRepair&, const IntakeFollowedRepair&) = default;
};
BOOST_DESCRIBE_STRUCT(IntakeFollowedRepair, (), (id, repair, repair_amt, stat))

struct RepairCancelRequested {
    static constexpr std::string_view type = "repairshop.repair_cancel_requested.v1";
    std::int64_t id = 0;
    IntakeStat stat = IntakeStat::cancel_requested;
    friend bool operator==(const RepairCancelRequested&, const RepairCancelRequested&) = default;
};
BOOST_DESCRIBE_STRUCT(RepairCancelRequested, (), (id, stat))

// Attempts are counted from 1: a payment that failed can be tried again.
struct PaymentRequested {
    static constexpr std::string_view type = "repairshop.payment_requested.v1";
    std::int64_t id = 0;
    std::int64_t attempt = 0;
    Won pay_amt;
    IntakeStat stat = IntakeStat::payment_requested;
    friend bool operator==(const PaymentRequested&, const PaymentRequested&) = default;
};
BOOST_DESCRIBE_STRUCT(PaymentRequested, (), (id, attempt, pay_amt, stat))

struct IntakePaid {
    static constexpr std::string_view type = "repairshop.receipt_paid.v1";
    std::int64_t id = 0;
    std::int64_t attempt = 0;
    Won pay_amt;
    std::string approval_no;
    IntakeStat stat = IntakeStat::paid;
    friend bool operator==(const IntakePaid&, const IntakePaid&) = default;
};
BOOST_DESCRIBE_STRUCT(IntakePaid, (), (id, attempt, pay_amt, approval_no, stat))

// No money has moved, for certain.
struct IntakePaymentFailed {
    static constexpr std::string_view type = "repairshop.receipt_payment_failed.v1";
    std::int64_t id = 0;
    std::int64_t attempt = 0;
    PaymentFailure reason = PaymentFailure::payment_unavailable;
    IntakeStat stat = IntakeStat::repaired;
    friend bool operator==(const IntakePaymentFailed&, const IntakePaymentFailed&) = default;
};
BOOST_DESCRIBE_STRUCT(IntakePaymentFailed, (), (id, attempt, reason, stat))

struct DeliveryRequested {
    static constexpr std::string_view type = "repairshop.delivery_requested.v1";
    std::int64_t id = 0;
    Sealed vehi_no;
    IntakeStat stat = IntakeStat::delivery_requested;
    friend bool operator==(const DeliveryRequested&, const DeliveryRequested&) = default;
};
BOOST_DESCRIBE_STRUCT(DeliveryRequested, (), (id, vehi_no, stat))

struct IntakeFollowedDelivery {
    static constexpr std::string_view type = "repairshop.receipt_followed_delivery.v1";
    std::int64_t id = 0;
    IntakeStat stat = IntakeStat::delivery_started;
    friend bool operator==(const IntakeFollowedDelivery&, const IntakeFollowedDelivery&) = default;
};
BOOST_DESCRIBE_STRUCT(IntakeFollowedDelivery, (), (id, stat))

using IntakeEvent = std::variant<Received, IntakeImported, IntakeFollowedRepair,
                                 RepairCancelRequested, PaymentRequested, IntakePaid,
                                 IntakePaymentFailed, DeliveryRequested, IntakeFollowedDelivery>;

// --- commands of people -----------------------------------------------------------------------

struct RegisterIntake {
    static constexpr std::string_view type = "repairshop.register_receipt";
    std::int64_t id = 0;
    Sealed vehi_no;
    friend bool operator==(const RegisterIntake&, const RegisterIntake&) = default;
};
BOOST_DESCRIBE_STRUCT(RegisterIntake, (), (id, vehi_no))

// Also requests the delivery.
struct ImportIntake {
    static constexpr std::string_view type = "repairshop.import_receipt";
    std::int64_t id = 0;
    Sealed vehi_no;
    friend bool operator==(const ImportIntake&, const ImportIntake&) = default;
};
BOOST_DESCRIBE_STRUCT(ImportIntake, (), (id, vehi_no))

struct RequestRepairCancel {
    static constexpr std::string_view type = "repairshop.request_repair_cancel";
    std::int64_t id = 0;
    friend bool operator==(const RequestRepairCancel&, const RequestRepairCancel&) = default;
};
BOOST_DESCRIBE_STRUCT(RequestRepairCancel, (), (id))

struct RequestPayment {
    static constexpr std::string_view type = "repairshop.request_payment";
    std::int64_t id = 0;
    Won pay_amt;
    friend bool operator==(const RequestPayment&, const RequestPayment&) = default;
};
BOOST_DESCRIBE_STRUCT(RequestPayment, (), (id, pay_amt))

struct RequestDelivery {
    static constexpr std::string_view type = "repairshop.request_delivery";
    std::int64_t id = 0;
    bool requires_payment = false;
    friend bool operator==(const RequestDelivery&, const RequestDelivery&) = default;
};
BOOST_DESCRIBE_STRUCT(RequestDelivery, (), (id, requires_payment))

// --- commands of the saga: what the other contexts said ---------------------------------------

struct FollowRepair {
    static constexpr std::string_view type = "repairshop.follow_repair";
    std::int64_t id = 0;
    RepairStat repair = RepairStat::repair_received;
    std::optional<Won> repair_amt;
    friend bool operator==(const FollowRepair&, const FollowRepair&) = default;
};
BOOST_DESCRIBE_STRUCT(FollowRepair, (), (id, repair, repair_amt))

struct RecordPayment {
    static constexpr std::string_view type = "repairshop.record_payment";
    std::int64_t id = 0;
    std::int64_t attempt = 0;
    std::string approval_no;
    friend bool operator==(const RecordPayment&, const RecordPayment&) = default;
};
BOOST_DESCRIBE_STRUCT(RecordPayment, (), (id, attempt, approval_no))

struct FailPayment {
    static constexpr std::string_view type = "repairshop.fail_payment";
    std::int64_t id = 0;
    std::int64_t attempt = 0;
    PaymentFailure reason = PaymentFailure::payment_unavailable;
    friend bool operator==(const FailPayment&, const FailPayment&) = default;
};
BOOST_DESCRIBE_STRUCT(FailPayment, (), (id, attempt, reason))

struct FollowDelivery {
    static constexpr std::string_view type = "repairshop.follow_delivery";
    std::int64_t id = 0;
    friend bool operator==(const FollowDelivery&, const FollowDelivery&) = default;
};
BOOST_DESCRIBE_STRUCT(FollowDelivery, (), (id))

using IntakeCommand =
    std::variant<RegisterIntake, ImportIntake, RequestRepairCancel, RequestPayment, RequestDelivery,
                 FollowRepair, RecordPayment, FailPayment, FollowDelivery>;

struct IntakeContract {
    static constexpr std::string_view category = "repairshop.receipt";
    static std::string_view context(std::string_view) { return "repairshop.receipt"; }
    static std::vector<std::string> tags(const IntakeEvent&) { return {}; }
    using Command = IntakeCommand;
    using Event = IntakeEvent;
};

// What the payments of a receipt are called: "repairshop-17", then "repairshop-17-2" and so on.
struct PaymentOrder {
    std::int64_t receipt = 0;
    std::int64_t attempt = 0;
    friend bool operator==(const PaymentOrder&, const PaymentOrder&) = default;
};
std::string name_of(PaymentOrder order);
// Nothing for the payments of other systems.
std::optional<PaymentOrder> payment_order(std::string_view name);

// A status as it stands on the wire: repair_received is "REPAIRRECEIVED". What was only asked for
// is called as the founding document calls it when it asks: repair_requested is "REPAIRREQUEST".
std::string wire_name(std::string_view name);
template <class Stat>
std::string wire_text(Stat stat) {
    return wire_name(boost::describe::enum_to_string(stat, ""));
}

}  // namespace yeyak::repairshop
