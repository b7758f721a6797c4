// Whether this version reads everything in a log: what it finds when it does, and what it says of
// unknown types, unreadable payloads, fields that would be lost, old shapes and damaged records.
#include "replay-tools/replay/schema_check.h"

#include <algorithm>

#include "aggregates/payment/contract.h"
#include "aggregates/prereservation/receipt_contract.h"
#include "aggregates/prereservation/reservation_contract.h"
#include "eventstore/rocks_store.h"
#include "program/systems.h"
#include "tests/replay-tools/folder_test.h"
#include "tests/replay-tools/raw_writer.h"

namespace yeyak::tools::testing {
namespace {

using namespace prereservation;

class SchemaCheckTest : public FolderTest {
  protected:
    SchemaReport check() {
        auto report = schema_check(program::tools_platform(), data(), {});
        EXPECT_TRUE(report.has_value()) << report.error().detail;
        return *std::move(report);
    }
    static const TypeReport* of(const SchemaReport& report, std::string_view type) {
        const auto found = std::ranges::find(report.types, type, &TypeReport::type);
        return found == report.types.end() ? nullptr : &*found;
    }
    void add(std::string_view type, const std::string& payload) {
        append(data(), "prereservation.reservation-" + std::to_string(++next_), type, payload);
    }

  private:
    int next_ = 9000;
};

TEST_F(SchemaCheckTest, everything_is_read_and_counted) {
    const auto before = snapshot_of(data());
    const auto report = check();
    EXPECT_TRUE(report.ok());
    EXPECT_EQ(snapshot_of(data()), before) << "nothing is written";
    EXPECT_EQ(report.events, report.head);
    std::uint64_t events = 0;
    for (const auto& type : report.types) events += type.seen.count;
    EXPECT_EQ(events, report.head);
    const auto* const requested = of(report, ReservationRequested::type);
    ASSERT_TRUE(requested);
    EXPECT_EQ(requested->seen.count, static_cast<std::uint64_t>(reservations));
    EXPECT_EQ(requested->seen.first, 1U);
    EXPECT_EQ(requested->category, "prereservation.reservation");
    EXPECT_TRUE(requested->folded_by.contains("preReservations"));
    EXPECT_TRUE(of(report, "prereservation.checkout_stepped.v1")->folded_by.contains("sagas"));
    // Of this version, but nobody did that here.
    EXPECT_TRUE(std::ranges::binary_search(report.never, ReceiptIssuedV1::type));
    EXPECT_TRUE(std::ranges::binary_search(report.never, "market.purchase_stepped.v1"));
    EXPECT_FALSE(std::ranges::binary_search(report.never, ReceiptIssued::type));
}

TEST_F(SchemaCheckTest, an_old_shape_is_read_as_the_newest) {
    append(data(), "prereservation.receipt-9001", ReceiptIssuedV1::type,
           R"({"id":1,"preReservationId":1,"userId":1,"productId":1,"productName":"fold",)"
           R"("price":1,"paidOn":"2021-01-31"})");
    const auto report = check();
    EXPECT_TRUE(report.ok());
    const auto* const old = of(report, ReceiptIssuedV1::type);
    ASSERT_TRUE(old);
    EXPECT_EQ(old->read_as, ReceiptIssued::type);
    EXPECT_EQ(old->seen.first, report.head);
    EXPECT_TRUE(old->folded_by.contains("receipts"));
}

TEST_F(SchemaCheckTest, fields_that_would_be_lost) {
    add(ReservationConfirmed::type, R"({"id":9001,"coupon":{"code":"X"}})");
    add(ReservationConfirmed::type, R"({"id":9002,"coupon":null,"note":"n"})");
    append(data(), "prereservation.receipt-9001", ReceiptIssuedV1::type,
           R"({"id":1,"preReservationId":1,"userId":1,"productId":1,"productName":"fold",)"
           R"("price":1,"paidOn":"2021-01-31","stamp":1})");
    const auto report = check();
    EXPECT_FALSE(report.ok());
    const auto& lossy = of(report, ReservationConfirmed::type)->lossy;
    ASSERT_EQ(lossy.size(), 2U);
    EXPECT_EQ(lossy.at("coupon").count, 2U);
    EXPECT_EQ(lossy.at("coupon").first, report.head - 2);
    EXPECT_EQ(lossy.at("note").first, report.head - 1);
    EXPECT_EQ(of(report, ReceiptIssuedV1::type)->lossy.size(), 1U) << "and of an old shape";
    EXPECT_TRUE(of(report, ReservationRequested::type)->lossy.empty());
}

TEST_F(SchemaCheckTest, unknown_types_and_unreadable_payloads) {
    add("prereservation.reservation_praised.v1", "{}");
    add(ReservationConfirmed::type, R"({"id":"nine"})");
    add(ReservationConfirmed::type, R"({})");
    const auto report = check();
    EXPECT_FALSE(report.ok());
    const auto* const unknown = of(report, "prereservation.reservation_praised.v1");
    ASSERT_TRUE(unknown);
    EXPECT_FALSE(unknown->known);
    EXPECT_EQ(unknown->seen.first, report.head - 2);
    const auto& failed = of(report, ReservationConfirmed::type)->failed;
    EXPECT_EQ(failed.seen.count, 2U);
    EXPECT_EQ(failed.seen.first, report.head - 1);
    EXPECT_TRUE(failed.why.starts_with("wrong_type: id ")) << failed.why;
}

TEST_F(SchemaCheckTest, other_programs_are_counted_apart) {
    append(data(), "billing-1", "anything", R"({"x":1})");
    append(data(), "billing-2", "anything", R"({"x":1})");
    const auto report = check();
    EXPECT_TRUE(report.ok());
    ASSERT_EQ(report.foreign.size(), 1U);
    EXPECT_EQ(report.foreign.at("billing").count, 2U);
    EXPECT_EQ(report.foreign.at("billing").first, report.head - 1);
}

TEST_F(SchemaCheckTest, a_damaged_record_is_a_finding_and_not_the_end) {
    const auto whole = check();
    {
        auto log = RawWriter::log(data());
        auto record = log.get(RawWriter::events, eventstore::event_key(60));
        record.back() ^= 1;
        log.put(RawWriter::events, eventstore::event_key(60), record);
    }
    const auto report = check();
    EXPECT_FALSE(report.ok());
    EXPECT_EQ(report.damaged.seen.count, 1U);
    EXPECT_EQ(report.damaged.seen.first, 60U);
    EXPECT_EQ(report.events, whole.events);
}

TEST_F(SchemaCheckTest, can_be_stopped) {
    const auto report = schema_check(program::tools_platform(), data(), [](auto) { return false; });
    ASSERT_FALSE(report.has_value());
    EXPECT_EQ(report.error().detail, "interrupted");
}

TEST(LostFields, are_named_by_their_path) {
    using Lost = std::set<std::string>;
    EXPECT_EQ(lost_fields(R"({"a":1})", R"({"a": 1,"b":null})"), Lost{});
    EXPECT_EQ(lost_fields(R"({"a":{"b":1,"c":[1,{"d":2}]}})", R"({"a":{"b":2,"c":[1,{}]}})"),
              (Lost{"a.b", "a.c[].d"}));
    EXPECT_EQ(lost_fields(R"({"a":[1,2]})", R"({"a":[1]})"), Lost{"a"});
    EXPECT_EQ(lost_fields(R"({"a":"\u0031"})", R"({"a":"1"})"), Lost{});
    EXPECT_EQ(lost_fields("{", "{}"), Lost{"(document)"});
}

}  // namespace
}  // namespace yeyak::tools::testing
