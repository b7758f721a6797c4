// Runs `yeyak audit verify` on a data folder that a test has damaged, and asks what was found.
#pragma once
#include <fmt/format.h>

#include <algorithm>

#include "program/systems.h"
#include "replay-tools/audit/verify.h"
#include "tests/replay-tools/folder_test.h"

namespace yeyak::tools::testing {

class VerifyTest : public FolderTest {
  protected:
    Verified run(bool quick = false) {
        auto verified = verify(program::tools_platform(), {data(), work(), quick, {}, {}, {}});
        EXPECT_TRUE(verified.has_value()) << verified.error().detail;
        if (!verified) std::abort();
        return *std::move(verified);
    }
    // What the check found; fails the test when it found nothing.
    Finding first_of(const Verified& verified, std::string_view check) {
        for (const auto& one : verified.checks) {
            if (one.check->name() != check) continue;
            EXPECT_FALSE(one.check->ok()) << check << " found nothing";
            return one.check->first().value_or(Finding{});
        }
        ADD_FAILURE() << "no check is called " << check;
        return {};
    }
    bool whole(std::string_view check) {
        const auto verified = run();
        const auto found = std::ranges::find(verified.checks, check,
                                             [](const auto& one) { return one.check->name(); });
        return found != verified.checks.end() && found->check->ok();
    }
    Finding damaged(std::string_view check) {
        const auto verified = run();
        EXPECT_FALSE(verified.ok());
        return first_of(verified, check);
    }
    // The first reservation of a fate.
    static std::int64_t one(Fate fate) {
        return fate == Fate::completed ? fates : static_cast<std::int64_t>(fate);
    }
    static std::string payment_of(Fate fate) {
        return fmt::format("payment.payment-prereservation-{}", one(fate));
    }
};

}  // namespace yeyak::tools::testing
