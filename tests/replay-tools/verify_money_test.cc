// `yeyak audit verify` on events that contradict each other, and on views that are not the fold of
// the log.
#include <fmt/format.h>

#include "eventstore/bytes.h"
#include "tests/replay-tools/raw_writer.h"
#include "tests/replay-tools/verify_fixture.h"

namespace yeyak::tools::testing {
namespace {

// --- what the events say -------------------------------------------------------------------------

TEST_F(VerifyTest, event_that_cannot_be_read) {
    append(data(), payment_of(Fate::completed), "payment.payment_exploded.v1", "{}");
    const auto first = damaged("events decode");
    EXPECT_EQ(first.stream, payment_of(Fate::completed));
    EXPECT_EQ(first.version, 3U);
}

TEST_F(VerifyTest, second_capture) {
    const auto number = one(Fate::completed);
    append(data(), payment_of(Fate::completed), "payment.payment_completed.v1",
           fmt::format(R"({{"order":"prereservation-{}","approvalNo":"A9","captured":{},)"
                       R"("paidAt":"2026-11-20T00:00:00Z"}})",
                       number, 1'000'000 + number));
    const auto verified = run();
    const auto first = first_of(verified, "captures and refunds");
    EXPECT_EQ(first.stream, payment_of(Fate::completed));
    EXPECT_EQ(first.version, 3U);
    EXPECT_EQ(first.position, verified.head);
    EXPECT_EQ(first_of(verified, "money of every order").stream,
              fmt::format("prereservation.reservation-{}", number));
}

TEST_F(VerifyTest, more_refunded_than_captured) {
    append(data(), payment_of(Fate::declined), "payment.payment_cancelled.v1",
           fmt::format(R"({{"order":"prereservation-{}","refunded":5}})", one(Fate::declined)));
    EXPECT_EQ(damaged("captures and refunds").stream, payment_of(Fate::declined));
}

TEST_F(VerifyTest, live_order_that_nobody_paid) {
    const auto number = one(Fate::declined);
    const auto stream = fmt::format("prereservation.reservation-{}", number);
    append(data(), stream, "prereservation.reservation_confirmed.v1",
           fmt::format(R"({{"id":{}}})", number));
    const auto first = damaged("money of every order");
    EXPECT_EQ(first.stream, stream);
    EXPECT_NE(first.found.find("0 won"), std::string::npos);
}

TEST_F(VerifyTest, cancelled_order_whose_money_was_kept) {
    const auto number = one(Fate::completed);
    const auto stream = fmt::format("prereservation.reservation-{}", number);
    append(data(), stream, "prereservation.reservation_cancelled.v1",
           fmt::format(R"({{"id":{},"reason":"user_request"}})", number));
    const auto first = damaged("money of every order");
    EXPECT_EQ(first.stream, stream);
    EXPECT_NE(first.found.find(std::to_string(1'000'000 + number)), std::string::npos);
}

// --- views ---------------------------------------------------------------------------------------

std::string key_of(char kind, const std::string& view) {
    std::string key = kind + view + '\0';
    eventstore::put_u64_be(key, 1);
    return key;
}

TEST_F(VerifyTest, changed_view_row) {
    {
        auto views = RawWriter::views(data());
        const auto key = views.keys(0, key_of('r', "payments")).at(3);
        auto row = views.get(0, key);
        const auto at = row.find("\"price\":1");
        ASSERT_NE(at, std::string::npos) << row;
        row[at + 8] = '7';
        views.put(0, key, row);
    }
    const auto first = damaged("views equal the fold of the log");
    EXPECT_NE(first.found.find("view payments: row "), std::string::npos) << first.found;
    EXPECT_NE(first.found.find("price 7"), std::string::npos) << first.found;
    EXPECT_NE(first.expected.find("price 1"), std::string::npos) << first.expected;
}

TEST_F(VerifyTest, removed_view_index_entry) {
    {
        auto views = RawWriter::views(data());
        views.remove(0, views.keys(0, key_of('i', "myReservations")).at(3));
    }
    const auto first = damaged("views equal the fold of the log");
    EXPECT_NE(first.found.find("view myReservations: index entry"), std::string::npos)
        << first.found;
}

TEST_F(VerifyTest, moved_checkpoint) {
    const auto head = run().head;
    const auto move_to = [&](Position position) {
        auto views = RawWriter::views(data());
        const auto key = key_of('c', "preReservations");
        const auto value = views.get(0, key);
        eventstore::ByteReader reader{value};
        reader.varint();
        std::string moved;
        eventstore::put_varint(moved, position);
        moved += reader.rest();
        views.put(0, key, moved);
    };
    move_to(head / 2);
    (void)damaged("views equal the fold of the log");
    move_to(head + 1);
    EXPECT_EQ(damaged("views equal the fold of the log").position, head + 1);
    move_to(head);
    EXPECT_TRUE(run().ok());
}

}  // namespace
}  // namespace yeyak::tools::testing
