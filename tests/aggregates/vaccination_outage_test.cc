// The outage matrix of vaccination in the core: each context down, what still works, what fails
// cleanly, and what is caught up, with and without another life of the process in between.
#include <gtest/gtest.h>

#include "tests/aggregates/vaccination_world.h"

namespace yeyak::tests::vaccines {
namespace {

class VaccinationOutage : public testing::TestWithParam<bool> {
  protected:
    // Another life, if the test wants one; then the context comes back and catches up.
    void back_up(const std::string& context) {
        if (GetParam()) clinic.restart();
        clinic.up(context);
        clinic.settle();
        EXPECT_EQ(clinic.wrong(), "");
    }
    Clinic clinic;
};
INSTANTIATE_TEST_SUITE_P(WithAndWithoutRestart, VaccinationOutage, testing::Bool());

TEST_P(VaccinationOutage, reservation_down_queues_reserve_and_cancel) {
    clinic.wish_for(1);
    clinic.down("reservation");
    EXPECT_EQ(clinic.wish_for(2).code(), "ok");
    EXPECT_EQ(clinic.wish_for(3).code(), "ok");
    EXPECT_EQ(clinic.cancel_of(1).code(), "ok");
    EXPECT_EQ(clinic.cancel_of(3).code(), "ok");
    EXPECT_EQ(clinic.saga_of(2), "placing");
    EXPECT_EQ(clinic.inject(2).code(), "appointment_not_found");
    back_up("reservation");
    EXPECT_EQ(clinic.saga_of(1), "compensated");
    EXPECT_EQ(clinic.saga_of(2), "completed");
    EXPECT_EQ(clinic.saga_of(3), "compensated");
}
TEST_P(VaccinationOutage, reservation_down_and_then_the_day_is_full) {
    clinic.down("reservation");
    for (int who = 1; who <= 3; ++who) EXPECT_EQ(clinic.wish_for(who, 6, 2).code(), "ok");
    back_up("reservation");
    EXPECT_EQ(clinic.saga_of(2), "completed");
    EXPECT_EQ(clinic.saga_of(3), "compensated");
}
TEST_P(VaccinationOutage, hospital_down_takes_all_but_injections_VAC_N2_VAC_A9) {
    clinic.wish_for(1);
    clinic.wish_for(2);
    clinic.down("hospital");
    EXPECT_EQ(clinic.wish_for(3).code(), "ok");
    EXPECT_EQ(clinic.wish_for(4).code(), "ok");
    EXPECT_EQ(clinic.cancel_of(2).code(), "ok");
    EXPECT_EQ(clinic.cancel_of(4).code(), "ok");
    EXPECT_EQ(clinic.inject(1).code(), "context_down");
    EXPECT_EQ(clinic.saga_of(3), "receiving");
    EXPECT_EQ(clinic.available("Pfizer") + clinic.available("Moderna"), 1999);
    back_up("hospital");
    EXPECT_EQ(clinic.outcomes().find("compensating"), std::string::npos);
    EXPECT_EQ(clinic.saga_of(3), "completed");
    EXPECT_EQ(clinic.inject(3).code(), "ok");
    EXPECT_EQ(clinic.inject(2).code(), "already_cancelled");
}
TEST_P(VaccinationOutage, stock_down_takes_all_and_has_it_reserved_later) {
    clinic.wish_for(1);
    clinic.wish_for(2);
    clinic.down("vaccinestock");
    EXPECT_EQ(clinic.wish_for(3).code(), "ok");
    EXPECT_EQ(clinic.cancel_of(2).code(), "ok");
    EXPECT_EQ(clinic.inject(1).code(), "ok");
    EXPECT_EQ(clinic.saga_of(3), "choosing");
    EXPECT_EQ(clinic.inject(3).code(), "vaccine_not_ready");
    back_up("vaccinestock");
    EXPECT_EQ(clinic.saga_of(1), "injected");
    EXPECT_EQ(clinic.saga_of(2), "compensated");
    EXPECT_EQ(clinic.saga_of(3), "completed");
    EXPECT_EQ(clinic.available("Pfizer") + clinic.available("Moderna"), 1998);
}
TEST_P(VaccinationOutage, user_down_refuses_and_is_told_of_injections_later) {
    clinic.wish_for(1);
    clinic.down("user");
    EXPECT_EQ(clinic.wish_for(2).code(), "context_down");
    EXPECT_EQ(clinic.cancel_of(1).code(), "context_down");
    EXPECT_EQ(clinic.inject(1).code(), "ok");
    EXPECT_EQ(clinic.saga_of(1), "completed");
    // Up again, but not yet told: what the hospital did counts.
    if (GetParam()) clinic.restart();
    clinic.up("user");
    EXPECT_EQ(clinic.cancel_of(1).code(), "already_injected");
    clinic.settle();
    EXPECT_EQ(clinic.saga_of(1), "injected");
    EXPECT_EQ(clinic.wrong(), "");
}
TEST_P(VaccinationOutage, nothing_is_injected_while_its_cancellation_is_on_the_way) {
    clinic.wish_for(1);
    clinic.down("hospital");
    EXPECT_EQ(clinic.cancel_of(1).code(), "ok");
    if (GetParam()) clinic.restart();
    clinic.up("hospital");
    EXPECT_EQ(clinic.inject(1).code(), "already_cancelled");
    clinic.settle();
    EXPECT_EQ(clinic.wrong(), "");
}

}  // namespace
}  // namespace yeyak::tests::vaccines
