#include "aggregates/vaccination/messages.h"

#include <fmt/format.h>

#include "aggregates/notification/contract.h"

namespace yeyak::vaccination {
namespace {

struct Text {
    std::string ko;
    std::string en;
};

std::vector<Send> tell(std::string_view what, std::int64_t id, Text text) {
    return {notification::notify({.id = fmt::format("vaccination-{}-{}", what, id),
                                  .recipient = fmt::format("user-{}", id),
                                  .subject = fmt::format("reservation-{}", id),
                                  .kind = fmt::format("reservation_{}", what),
                                  .text_ko = std::move(text.ko),
                                  .text_en = std::move(text.en)})};
}

Text why(CancelReason reason) {
    if (reason == CancelReason::date_not_available)
        return {"선택한 날짜가 마감되어 ", " because the day is full"};
    if (reason == CancelReason::vaccine_unavailable)
        return {"백신이 없어 ", " because there is no vaccine"};
    if (reason == CancelReason::no_show)
        return {"예약일에 오지 않아 ", " because you did not come on the day"};
    return {"", ""};
}

}  // namespace

std::vector<Send> Messages::react(const UserReservationRequested& e) {
    const auto day = to_text(e.reserve_date);
    return tell("reserved", e.id,
                {fmt::format("{} 백신 접종이 예약되었습니다 (예약 번호 {})", day, e.id),
                 fmt::format("your vaccination on {} is reserved (number {})", day, e.id)});
}
std::vector<Send> Messages::react(const UserReservationCancelled& e) {
    const auto because = why(e.reason);
    return tell("cancelled", e.id,
                {fmt::format("{}백신 접종 예약이 취소되었습니다 (예약 번호 {})", because.ko, e.id),
                 fmt::format("your vaccination was cancelled{} (number {})", because.en, e.id)});
}
std::vector<Send> Messages::react(const UserInjected& e) {
    return tell("injected", e.id,
                {fmt::format("{} 백신 접종이 완료되었습니다 (예약 번호 {})", e.vaccine_type, e.id),
                 fmt::format("you were vaccinated with {} (number {})", e.vaccine_type, e.id)});
}

}  // namespace yeyak::vaccination
