#include "aggregates/market/notices.h"

#include <fmt/format.h>

#include "aggregates/notification/contract.h"

namespace yeyak::market {
namespace {

struct Text {
    std::string ko;
    std::string en;
};

// A buyer who did not say who it is is known by the reservation.
template <class E>
std::vector<Send> tell(std::string_view kind, const E& e, Text text) {
    const auto recipient = e.customer_id ? fmt::format("user-{}", *e.customer_id)
                                         : fmt::format("reservation-{}", e.id);
    return {notification::notify({.id = fmt::format("market-{}-{}", kind, e.id),
                                  .recipient = recipient,
                                  .subject = fmt::format("reservation-{}", e.id),
                                  .kind = std::string{kind},
                                  .text_ko = std::move(text.ko),
                                  .text_en = std::move(text.en)})};
}

}  // namespace

std::vector<Send> Notices::react(const Reserved& e) {
    return tell("reserved", e,
                {fmt::format("{} 예약이 완료되었습니다 (예약 번호 {})", e.product_name, e.id),
                 fmt::format("{} is reserved for you (reservation {})", e.product_name, e.id)});
}
std::vector<Send> Notices::react(const BillPaid& e) {
    return tell("paid", e,
                {fmt::format("{} 결제가 완료되었습니다 (예약 번호 {})", e.product_name, e.id),
                 fmt::format("{} is paid for (reservation {})", e.product_name, e.id)});
}
std::vector<Send> Notices::react(const ReservationCancelled& e) {
    const bool expired = e.reason == CancelReason::expired;
    return tell(
        "cancelled", e,
        {fmt::format("{} 예약이 {}취소되었습니다 (예약 번호 {})", e.product_name,
                     expired ? "결제 시간이 지나 " : "", e.id),
         fmt::format("the reservation of {} was cancelled{} (reservation {})", e.product_name,
                     expired ? " because it was not paid in time" : "", e.id)});
}

}  // namespace yeyak::market
