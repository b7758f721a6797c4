// People pre-reserve phones, pay with it, look, and some think again.
#include "demo/prereservation.h"

#include <fmt/format.h>

namespace yeyak::demo {
namespace {

struct Phone {
    std::string_view name;
    std::int64_t price;
};
constexpr Phone phones[] = {{"fold", 1'300'000}, {"flip", 1'250'000}, {"note", 990'000}};

constexpr std::string_view contexts[] = {"prereservation", "payment", "receipt", "myreservation"};

Task<void> visit(User& user) {
    const auto product = user.random().below(std::size(phones));
    const bool looks = user.random().chance(60);
    const bool cancels = user.random().chance(20);
    const auto body = fmt::format(
        R"({{"userId":{},"userAddress":"seoul","productId":{},"productName":"{}","price":{},)"
        R"("cardNo":"1234-1234-1234-1234"}})",
        user.number(), product + 1, phones[product].name, phones[product].price);
    const auto reserved = co_await user.post("reserve", "/preReservations", body);
    const auto id = reserved.number("/id");
    if (!reserved.ok() || !id) co_return;
    user.made("reservations");
    if (looks) co_await user.get("look", fmt::format("/myReservations/{}", *id));
    if (!cancels) co_return;
    const auto cancelled = co_await user.remove("cancel", fmt::format("/preReservations/{}", *id));
    if (cancelled.ok()) user.made("cancellations");
    co_await user.get("list", fmt::format("/myReservations?userId={}", user.number()));
}

}  // namespace

const Script prereservation_script{"prereservation", &visit, contexts};

}  // namespace yeyak::demo
