// The published language of bills: what a buyer owes for a reservation, and what became of it. The
// bill has the number of its reservation and is what clients know as a payment; the money itself
// moves in the payment context, once for every attempt to pay.
#pragma once
#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kernel/money.h"
#include "kernel/sealed.h"
#include "kernel/time.h"

namespace yeyak::market {

struct BillIssued {
    static constexpr std::string_view type = "market.bill_issued.v1";
    std::int64_t id = 0;  // of the reservation, too
    std::int64_t product_id = 0;
    std::string product_name;
    Won price;
    std::optional<std::int64_t> customer_id;
    Instant expires_at;
    friend bool operator==(const BillIssued&, const BillIssued&) = default;
};
BOOST_DESCRIBE_STRUCT(BillIssued, (),
                      (id, product_id, product_name, price, customer_id, expires_at))

// The buyer wants to pay: attempt 1, 2, 3 …
struct BillPaymentRequested {
    static constexpr std::string_view type = "market.bill_payment_requested.v1";
    std::int64_t id = 0;
    std::int64_t attempt = 0;
    Sealed card_no;  // masked; empty when the client names no card
    CardToken card_token;
    friend bool operator==(const BillPaymentRequested&, const BillPaymentRequested&) = default;
};
BOOST_DESCRIBE_STRUCT(BillPaymentRequested, (), (id, attempt, card_no, card_token))

struct BillPaid {
    static constexpr std::string_view type = "market.bill_paid.v1";
    std::int64_t id = 0;
    std::int64_t product_id = 0;
    std::string product_name;
    std::optional<std::int64_t> customer_id;
    std::int64_t attempt = 0;
    friend bool operator==(const BillPaid&, const BillPaid&) = default;
};
BOOST_DESCRIBE_STRUCT(BillPaid, (), (id, product_id, product_name, customer_id, attempt))

// Nothing was captured; it can be paid again.
struct BillReopened {
    static constexpr std::string_view type = "market.bill_reopened.v1";
    std::int64_t id = 0;
    std::int64_t attempt = 0;
    friend bool operator==(const BillReopened&, const BillReopened&) = default;
};
BOOST_DESCRIBE_STRUCT(BillReopened, (), (id, attempt))

// The reservation was cancelled before anything was paid.
struct BillCancelled {
    static constexpr std::string_view type = "market.bill_cancelled.v1";
    std::int64_t id = 0;
    friend bool operator==(const BillCancelled&, const BillCancelled&) = default;
};
BOOST_DESCRIBE_STRUCT(BillCancelled, (), (id))

struct BillRefunded {
    static constexpr std::string_view type = "market.bill_refunded.v1";
    std::int64_t id = 0;
    Won refunded;
    friend bool operator==(const BillRefunded&, const BillRefunded&) = default;
};
BOOST_DESCRIBE_STRUCT(BillRefunded, (), (id, refunded))

using BillEvent = std::variant<BillIssued, BillPaymentRequested, BillPaid, BillReopened,
                               BillCancelled, BillRefunded>;

struct IssueBill {
    static constexpr std::string_view type = "market.issue_bill";
    BillIssued bill;
    friend bool operator==(const IssueBill&, const IssueBill&) = default;
};
BOOST_DESCRIBE_STRUCT(IssueBill, (), (bill))

struct PayBill {
    static constexpr std::string_view type = "market.pay_bill";
    std::int64_t id = 0;
    Sealed card_no;
    CardToken card_token;
    Instant now;
    friend bool operator==(const PayBill&, const PayBill&) = default;
};
BOOST_DESCRIBE_STRUCT(PayBill, (), (id, card_no, card_token, now))

struct SettleBill {
    static constexpr std::string_view type = "market.settle_bill";
    std::int64_t id = 0;
    std::int64_t attempt = 0;
    friend bool operator==(const SettleBill&, const SettleBill&) = default;
};
BOOST_DESCRIBE_STRUCT(SettleBill, (), (id, attempt))

struct ReopenBill {
    static constexpr std::string_view type = "market.reopen_bill";
    std::int64_t id = 0;
    std::int64_t attempt = 0;
    friend bool operator==(const ReopenBill&, const ReopenBill&) = default;
};
BOOST_DESCRIBE_STRUCT(ReopenBill, (), (id, attempt))

// The end of a bill whose reservation was cancelled, told with what was given back.
struct CloseBill {
    static constexpr std::string_view type = "market.close_bill";
    std::int64_t id = 0;
    Won refunded;
    friend bool operator==(const CloseBill&, const CloseBill&) = default;
};
BOOST_DESCRIBE_STRUCT(CloseBill, (), (id, refunded))

using BillCommand = std::variant<IssueBill, PayBill, SettleBill, ReopenBill, CloseBill>;

struct BillContract {
    static constexpr std::string_view category = "market.bill";
    static std::string_view context(std::string_view) { return "market.payment"; }
    static std::vector<std::string> tags(const BillEvent& event);
    using Command = BillCommand;
    using Event = BillEvent;
};

// What an attempt to pay is called in the payment context: "market-17", then "market-17-2" …
struct Order {
    std::int64_t id = 0;
    std::int64_t attempt = 1;
};
std::string name_of(const Order& order);
// Nothing for the payments of other systems.
std::optional<Order> order_named(std::string_view name);

}  // namespace yeyak::market
