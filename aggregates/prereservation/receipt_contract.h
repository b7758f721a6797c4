// The published language of payment receipts: what was paid, and when the phone is expected.
#pragma once
#include <boost/describe.hpp>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kernel/money.h"
#include "kernel/time.h"

namespace yeyak::prereservation {

// The first released shape: it carried only the day of the payment, and every reader added three
// weeks of its own.
struct ReceiptIssuedV1 {
    static constexpr std::string_view type = "prereservation.receipt_issued.v1";
    std::int64_t id = 0;
    std::int64_t pre_reservation_id = 0;
    std::int64_t user_id = 0;
    std::int64_t product_id = 0;
    std::string product_name;
    Won price;
    Date paid_on;
    friend bool operator==(const ReceiptIssuedV1&, const ReceiptIssuedV1&) = default;
};
BOOST_DESCRIBE_STRUCT(ReceiptIssuedV1, (),
                      (id, pre_reservation_id, user_id, product_id, product_name, price, paid_on))

struct ReceiptIssued {
    static constexpr std::string_view type = "prereservation.receipt_issued.v2";
    using Former = ReceiptIssuedV1;
    static ReceiptIssued upcast(const ReceiptIssuedV1& old);
    std::int64_t id = 0;  // of the receipt; paid_id and pre_reservation_id are the same number
    std::int64_t paid_id = 0;
    std::int64_t pre_reservation_id = 0;
    std::int64_t user_id = 0;
    std::int64_t product_id = 0;
    std::string product_name;
    Won price;
    Date expected_delivery_at;
    friend bool operator==(const ReceiptIssued&, const ReceiptIssued&) = default;
};
BOOST_DESCRIBE_STRUCT(ReceiptIssued, (),
                      (id, paid_id, pre_reservation_id, user_id, product_id, product_name, price,
                       expected_delivery_at))

struct ReceiptCancelled {
    static constexpr std::string_view type = "prereservation.receipt_cancelled.v1";
    std::int64_t id = 0;
    std::int64_t pre_reservation_id = 0;
    friend bool operator==(const ReceiptCancelled&, const ReceiptCancelled&) = default;
};
BOOST_DESCRIBE_STRUCT(ReceiptCancelled, (), (id, pre_reservation_id))

using ReceiptEvent = std::variant<ReceiptIssued, ReceiptCancelled>;

struct IssueReceipt {
    static constexpr std::string_view type = "prereservation.issue_receipt";
    ReceiptIssued receipt;
    friend bool operator==(const IssueReceipt&, const IssueReceipt&) = default;
};
BOOST_DESCRIBE_STRUCT(IssueReceipt, (), (receipt))

// May come before the receipt: one that is issued afterwards is refused.
struct CancelReceipt {
    static constexpr std::string_view type = "prereservation.cancel_receipt";
    std::int64_t id = 0;
    friend bool operator==(const CancelReceipt&, const CancelReceipt&) = default;
};
BOOST_DESCRIBE_STRUCT(CancelReceipt, (), (id))

using ReceiptCommand = std::variant<IssueReceipt, CancelReceipt>;

struct ReceiptContract {
    static constexpr std::string_view category = "prereservation.receipt";
    static std::string_view context(std::string_view) { return "receipt"; }
    static std::vector<std::string> tags(const ReceiptEvent&) { return {}; }
    using Command = ReceiptCommand;
    using Event = ReceiptEvent;
};

// Calendar days from the payment to the expected delivery, when nothing else was promised.
inline constexpr std::int32_t default_delivery_days = 21;

}  // namespace yeyak::prereservation
