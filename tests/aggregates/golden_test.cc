// What a sample of an older shape is read as, and what is said of one that cannot be read. That
// every type has its sample, and keeps it, tests/program/manifests_test.cc shows.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "aggregates/engine/saga_step.h"
#include "aggregates/prereservation/checkout.h"
#include "kernel/events.h"

namespace yeyak::tests {
namespace {

using namespace prereservation;

const std::filesystem::path folder = "tests/golden/events";

std::string sample(const std::string& name) {
    std::ifstream file{folder / (name + ".json")};
    EXPECT_TRUE(file.is_open()) << name << " has no sample in " << folder;
    std::string line;
    std::getline(file, line);
    return line;
}

TEST(GoldenEvents, receipts_of_the_first_shape_expect_delivery_after_three_weeks_PRE_X5) {
    const auto event = decode_event<ReceiptEvent>(ReceiptIssuedV1::type,
                                                  sample(std::string{ReceiptIssuedV1::type}));
    ASSERT_TRUE(event.has_value());
    const ReceiptIssued expected{
        17, 17, 17, 1, 1, "갤럭시 폴드 \"3\"", Won{1'300'000}, *parse_date("2021-02-21")};
    EXPECT_EQ(*event, ReceiptEvent{expected});
}

TEST(GoldenEvents, an_unreadable_payload_says_what_is_wrong_with_it) {
    const auto type = ReservationConfirmed::type;
    EXPECT_EQ(decode_event<ReservationEvent>(type, "{}").error().code, "missing_field");
    EXPECT_EQ(decode_event<ReservationEvent>(type, "{\"id\":\"17\"}").error().code, "wrong_type");
    EXPECT_EQ(decode_event<ReservationEvent>(type, "{").error().code, "malformed_json");
    EXPECT_TRUE(decode_event<ReservationEvent>(type, "{\"id\":17,\"new\":1}").has_value());
    EXPECT_FALSE(decode_saga_state<CheckoutState>("{\"state\":\"paying\"}").has_value());
    EXPECT_FALSE(decode_saga_state<CheckoutState>("{\"state\":\"no\",\"data\":{}}").has_value());
    EXPECT_FALSE(saga_summary("[]").has_value());
}

}  // namespace
}  // namespace yeyak::tests
