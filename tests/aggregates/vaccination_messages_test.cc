// Who is told what, and that it is told once.
#include "aggregates/vaccination/messages.h"

#include "aggregates/notification/contract.h"
#include "tests/aggregates/vaccination_samples.h"
#include "tests/scenario.h"

namespace yeyak::tests::vaccines {
namespace {

notification::NotificationRequested only(const std::vector<Send>& sends) {
    EXPECT_EQ(sends.size(), 1u);
    EXPECT_EQ(sends.front().delivery, Delivery::when_up) << "it waits for a stopped desk";
    const auto& command = *std::any_cast<notification::Command>(&sends.front().command);
    const auto& told = std::get<notification::Notify>(command).notification;
    EXPECT_EQ(sends.front().id, told.id);
    EXPECT_EQ(told.recipient, "user-17");
    EXPECT_EQ(told.subject, "reservation-17");
    return told;
}

TEST(VaccinationMessages, every_change_is_told_VAC_N5_VAC_X15) {
    const auto reserved = only(Messages::react(wished()));
    EXPECT_EQ(reserved.id, "vaccination-reserved-17");
    EXPECT_EQ(reserved.kind, "reservation_reserved");
    EXPECT_EQ(reserved.text_en, "your vaccination on 2021-10-05 is reserved (number 17)");
    EXPECT_EQ(reserved.text_ko, "2021-10-05 백신 접종이 예약되었습니다 (예약 번호 17)");
    const auto injected = only(Messages::react(UserInjected{17, "Moderna", today}));
    EXPECT_EQ(injected.id, "vaccination-injected-17");
    EXPECT_EQ(injected.text_en, "you were vaccinated with Moderna (number 17)");
}
TEST(VaccinationMessages, a_cancellation_says_why) {
    const auto text = [](CancelReason why) {
        return only(Messages::react(UserReservationCancelled{17, why})).text_en;
    };
    EXPECT_EQ(text(CancelReason::user_request), "your vaccination was cancelled (number 17)");
    EXPECT_EQ(text(CancelReason::operator_request), "your vaccination was cancelled (number 17)");
    EXPECT_EQ(text(CancelReason::date_not_available),
              "your vaccination was cancelled because the day is full (number 17)");
    EXPECT_EQ(text(CancelReason::vaccine_unavailable),
              "your vaccination was cancelled because there is no vaccine (number 17)");
    EXPECT_EQ(text(CancelReason::no_show),
              "your vaccination was cancelled because you did not come on the day (number 17)");
}
TEST(VaccinationMessages, nobody_is_shown_a_registration_number_VAC_X11) {
    const auto told = only(Messages::react(wished()));
    for (const auto& text : {told.text_ko, told.text_en, told.recipient})
        EXPECT_EQ(text.find("890309"), std::string::npos);
}

}  // namespace
}  // namespace yeyak::tests::vaccines
