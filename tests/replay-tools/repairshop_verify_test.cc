// `yeyak audit verify` on logs that break the rules of the repair shop.
#include "tests/replay-tools/raw_writer.h"
#include "tests/replay-tools/verify_fixture.h"

namespace yeyak::tools::testing {
namespace {

constexpr std::string_view check = "receipts of the repair shop";

class RepairshopVerify : public VerifyTest {
  protected:
    void add(const std::string& stream, const std::string& event, const std::string& payload) {
        append(data(), "repairshop." + stream + "-17", "repairshop." + event + ".v1", payload);
    }
    void received() { add("receipt", "received", R"({"id":17,"vehiNo":"1","stat":"repaired"})"); }
    void pay() {
        add("receipt", "payment_requested",
            R"({"id":17,"attempt":1,"payAmt":3000,"stat":"payment_requested"})");
    }
};

TEST_F(RepairshopVerify, payment_after_the_repair_is_as_it_should_be) {
    received();
    add("repair", "repair_completed", R"({"id":17,"repairAmt":3000})");
    pay();
    add("delivery", "delivery_started", R"({"id":17,"receiptId":17,"vehiNo":"1"})");
    const auto verified = run();
    for (const auto& one : verified.checks)
        if (one.check->name() == check) {
            EXPECT_TRUE(one.check->ok());
            EXPECT_EQ(one.check->count(), 1U);
        }
}

TEST_F(RepairshopVerify, payment_before_the_repair) {
    received();
    pay();
    add("repair", "repair_completed", R"({"id":17,"repairAmt":3000})");
    const auto first = damaged(check);
    EXPECT_EQ(first.stream, "repairshop.receipt-17");
    EXPECT_EQ(first.version, 2U);
}

TEST_F(RepairshopVerify, payment_of_a_repair_that_was_rejected) {
    received();
    add("repair", "repair_completed", R"({"id":17,"repairAmt":3000})");
    pay();
    add("repair", "repair_rejected", R"({"id":17})");
    EXPECT_EQ(damaged(check).stream, "repairshop.repair-17");
}

TEST_F(RepairshopVerify, second_delivery) {
    received();
    for (int i = 0; i < 2; ++i)
        add("delivery", "delivery_started", R"({"id":17,"receiptId":17,"vehiNo":"1"})");
    const auto first = damaged(check);
    EXPECT_EQ(first.version, 2U);
    EXPECT_EQ(first.found, "delivery number 2");
}

}  // namespace
}  // namespace yeyak::tools::testing
