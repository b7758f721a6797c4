// Sellers put products up; customers reserve one that others may want, too, and pay or cancel.
#include "demo/market.h"

#include <fmt/format.h>

namespace yeyak::demo {
namespace {

constexpr std::string_view goods[] = {"Phone", "Tv", "Coffee"};

constexpr std::string_view contexts[] = {"product", "market.reservation", "market.payment",
                                         "mypage"};

Task<void> visit(User& user) {
    const auto what = goods[user.random().below(std::size(goods))];
    const auto price = 1'000 * (1 + user.random().below(100));
    const auto choice = user.random().next();
    const auto then = user.random().below(100);
    const auto registered = co_await user.post(
        "register product", "/product",
        fmt::format(R"({{"productName":"{}","productStatus":"01","price":{}}})", what, price));
    if (const auto id = registered.number("/id"); registered.ok() && id) {
        user.made("products");
        user.put_up(*id);
    }
    const auto product = user.pick(choice);
    if (product == 0) co_return;
    const auto reserved = co_await user.post(
        "reserve", "/reservation",
        fmt::format(R"({{"productId":{},"reservationStatus":"01","customerId":{}}})", product,
                    user.number()));
    const auto id = reserved.number("/id");
    if (!reserved.ok() || !id) co_return;
    user.made("reservations");
    if (then < 60) {
        // The bill may not have been written yet.
        const auto paid = co_await user.patch(
            "pay", "/paid",
            fmt::format(R"({{"id":{0},"reservationId":{0},"productId":{1},"paymentStatus":"02"}})",
                        *id, product),
            404);
        if (paid.ok()) user.made("payments");
    } else if (then < 85) {
        const auto cancelled = co_await user.patch(
            "cancel", "/reservationupdate",
            fmt::format(R"({{"id":{},"productId":{},"reservationStatus":"02"}})", *id, product));
        if (cancelled.ok()) user.made("cancellations");
    }
    if (then % 2 == 0) co_await user.get("look", fmt::format("/myPages/{}", *id), 404);
}

}  // namespace

const Script market_script{"market", &visit, contexts};

}  // namespace yeyak::demo
