// The published language of the payment context, shared by every system that takes money. One
// payment is one stream, named after what it pays for ("prereservation-17"): a second payment for
// the same order cannot exist.
//
// Events are kept for ever: a `type` never changes its meaning, a new shape is a new type with an
// upcaster. No event holds a card number, only its masked form and the provider's token.
#pragma once
#include <boost/describe.hpp>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kernel/money.h"
#include "kernel/sealed.h"
#include "kernel/time.h"

namespace yeyak::payment {

// --- events -----------------------------------------------------------------------------------

struct PaymentRequested {
    static constexpr std::string_view type = "payment.payment_requested.v1";
    std::string order;        // what it pays for, also the payment's id
    std::int64_t number = 0;  // of the order in its system: /payments/17
    Won price;
    CardToken card_token;
    Sealed card_no;  // masked
    std::int64_t user_id = 0;
    std::int64_t product_id = 0;
    std::string product_name;
    friend bool operator==(const PaymentRequested&, const PaymentRequested&) = default;
};
BOOST_DESCRIBE_STRUCT(PaymentRequested, (),
                      (order, number, price, card_token, card_no, user_id, product_id,
                       product_name))

struct PaymentCompleted {
    static constexpr std::string_view type = "payment.payment_completed.v1";
    std::string order;
    std::string approval_no;
    Won captured;
    Instant paid_at;
    friend bool operator==(const PaymentCompleted&, const PaymentCompleted&) = default;
};
BOOST_DESCRIBE_STRUCT(PaymentCompleted, (), (order, approval_no, captured, paid_at))

// The provider refused: nothing was captured.
struct PaymentDeclined {
    static constexpr std::string_view type = "payment.payment_declined.v1";
    std::string order;
    std::string reason;
    friend bool operator==(const PaymentDeclined&, const PaymentDeclined&) = default;
};
BOOST_DESCRIBE_STRUCT(PaymentDeclined, (), (order, reason))

// The provider was not asked, or never took the request: nothing was captured.
struct PaymentFailed {
    static constexpr std::string_view type = "payment.payment_failed.v1";
    std::string order;
    std::string reason;
    friend bool operator==(const PaymentFailed&, const PaymentFailed&) = default;
};
BOOST_DESCRIBE_STRUCT(PaymentFailed, (), (order, reason))

// No answer in time: money may or may not have moved. The provider is asked again at ask_at.
struct PaymentOutcomeUnknown {
    static constexpr std::string_view type = "payment.payment_outcome_unknown.v1";
    std::string order;
    std::string reason;
    std::int64_t attempt = 0;
    Instant ask_at;
    friend bool operator==(const PaymentOutcomeUnknown&, const PaymentOutcomeUnknown&) = default;
};
BOOST_DESCRIBE_STRUCT(PaymentOutcomeUnknown, (), (order, reason, attempt, ask_at))

struct PaymentOutcomeAsked {
    static constexpr std::string_view type = "payment.payment_outcome_asked.v1";
    std::string order;
    std::int64_t attempt = 0;
    friend bool operator==(const PaymentOutcomeAsked&, const PaymentOutcomeAsked&) = default;
};
BOOST_DESCRIBE_STRUCT(PaymentOutcomeAsked, (), (order, attempt))

struct PaymentCancellationRequested {
    static constexpr std::string_view type = "payment.payment_cancellation_requested.v1";
    std::string order;
    std::string reason;
    friend bool operator==(const PaymentCancellationRequested&,
                           const PaymentCancellationRequested&) = default;
};
BOOST_DESCRIBE_STRUCT(PaymentCancellationRequested, (), (order, reason))

struct RefundPostponed {
    static constexpr std::string_view type = "payment.refund_postponed.v1";
    std::string order;
    std::string reason;
    std::int64_t attempt = 0;
    Instant retry_at;
    friend bool operator==(const RefundPostponed&, const RefundPostponed&) = default;
};
BOOST_DESCRIBE_STRUCT(RefundPostponed, (), (order, reason, attempt, retry_at))

struct RefundRetried {
    static constexpr std::string_view type = "payment.refund_retried.v1";
    std::string order;
    std::int64_t attempt = 0;
    friend bool operator==(const RefundRetried&, const RefundRetried&) = default;
};
BOOST_DESCRIBE_STRUCT(RefundRetried, (), (order, attempt))

// The end of a cancellation; `refunded` is zero when nothing had been captured.
struct PaymentCancelled {
    static constexpr std::string_view type = "payment.payment_cancelled.v1";
    std::string order;
    Won refunded;
    friend bool operator==(const PaymentCancelled&, const PaymentCancelled&) = default;
};
BOOST_DESCRIBE_STRUCT(PaymentCancelled, (), (order, refunded))

using Event = std::variant<PaymentRequested, PaymentCompleted, PaymentDeclined, PaymentFailed,
                           PaymentOutcomeUnknown, PaymentOutcomeAsked, PaymentCancellationRequested,
                           RefundPostponed, RefundRetried, PaymentCancelled>;

// --- commands of other contexts ---------------------------------------------------------------

struct RequestPayment {
    static constexpr std::string_view type = "payment.request_payment";
    PaymentRequested payment;
    friend bool operator==(const RequestPayment&, const RequestPayment&) = default;
};
BOOST_DESCRIBE_STRUCT(RequestPayment, (), (payment))

// Refunds what was captured, now or once it is known that something was. May come first: a payment
// that is requested afterwards is refused.
struct CancelPayment {
    static constexpr std::string_view type = "payment.cancel_payment";
    std::string order;
    std::string reason;
    friend bool operator==(const CancelPayment&, const CancelPayment&) = default;
};
BOOST_DESCRIBE_STRUCT(CancelPayment, (), (order, reason))

// --- outcomes of effects, told by the edge ----------------------------------------------------

struct RecordApproval {
    static constexpr std::string_view type = "payment.record_approval";
    std::string approval_no;
    Instant now;
    friend bool operator==(const RecordApproval&, const RecordApproval&) = default;
};
BOOST_DESCRIBE_STRUCT(RecordApproval, (), (approval_no, now))

struct RecordDecline {
    static constexpr std::string_view type = "payment.record_decline";
    std::string reason;
    friend bool operator==(const RecordDecline&, const RecordDecline&) = default;
};
BOOST_DESCRIBE_STRUCT(RecordDecline, (), (reason))

// Certain that nothing was captured and nothing will be.
struct RecordNotCharged {
    static constexpr std::string_view type = "payment.record_not_charged";
    std::string reason;
    friend bool operator==(const RecordNotCharged&, const RecordNotCharged&) = default;
};
BOOST_DESCRIBE_STRUCT(RecordNotCharged, (), (reason))

struct RecordUnknown {
    static constexpr std::string_view type = "payment.record_unknown";
    std::string reason;
    Instant now;
    friend bool operator==(const RecordUnknown&, const RecordUnknown&) = default;
};
BOOST_DESCRIBE_STRUCT(RecordUnknown, (), (reason, now))

struct RecordRefund {
    static constexpr std::string_view type = "payment.record_refund";
    friend bool operator==(const RecordRefund&, const RecordRefund&) = default;
};
BOOST_DESCRIBE_STRUCT(RecordRefund, (), ())

struct RecordRefundFailure {
    static constexpr std::string_view type = "payment.record_refund_failure";
    std::string reason;
    Instant now;
    friend bool operator==(const RecordRefundFailure&, const RecordRefundFailure&) = default;
};
BOOST_DESCRIBE_STRUCT(RecordRefundFailure, (), (reason, now))

// --- what its own timers say ------------------------------------------------------------------

struct AskAgain {
    static constexpr std::string_view type = "payment.ask_again";
    std::int64_t attempt = 0;
    friend bool operator==(const AskAgain&, const AskAgain&) = default;
};
BOOST_DESCRIBE_STRUCT(AskAgain, (), (attempt))

struct RetryRefund {
    static constexpr std::string_view type = "payment.retry_refund";
    std::int64_t attempt = 0;
    friend bool operator==(const RetryRefund&, const RetryRefund&) = default;
};
BOOST_DESCRIBE_STRUCT(RetryRefund, (), (attempt))

using Command =
    std::variant<RequestPayment, CancelPayment, RecordApproval, RecordDecline, RecordNotCharged,
                 RecordUnknown, RecordRefund, RecordRefundFailure, AskAgain, RetryRefund>;

// --- effects: what the payment provider is asked for ------------------------------------------

// `key` makes carrying out twice harmless: the provider knows one charge per key.
struct Charge {
    static constexpr std::string_view type = "payment.charge";
    std::string key;
    Won amount;
    CardToken card_token;
    friend bool operator==(const Charge&, const Charge&) = default;
};
BOOST_DESCRIBE_STRUCT(Charge, (), (key, amount, card_token))

// What became of the charge? When there was none, there never will be: the key is closed.
struct SettleCharge {
    static constexpr std::string_view type = "payment.settle_charge";
    std::string key;
    friend bool operator==(const SettleCharge&, const SettleCharge&) = default;
};
BOOST_DESCRIBE_STRUCT(SettleCharge, (), (key))

struct Refund {
    static constexpr std::string_view type = "payment.refund";
    std::string key;
    Won amount;
    friend bool operator==(const Refund&, const Refund&) = default;
};
BOOST_DESCRIBE_STRUCT(Refund, (), (key, amount))

using Effect = std::variant<Charge, SettleCharge, Refund>;

struct Contract {
    static constexpr std::string_view category = "payment.payment";
    static std::vector<std::string> tags(const Event& event);
    using Command = payment::Command;
    using Event = payment::Event;
};

}  // namespace yeyak::payment
