// Customers order phones, pay with it, follow the delivery, and some cancel in time.
#include "demo/phoneshop.h"

#include <fmt/format.h>

namespace yeyak::demo {
namespace {

constexpr std::string_view items[] = {"note20", "note21", "note30"};

constexpr std::string_view contexts[] = {"app", "pay", "store", "customer"};

Task<void> visit(User& user) {
    const auto item = items[user.random().below(std::size(items))];
    const auto quantity = 1 + user.random().below(3);
    const bool cancels = user.random().chance(25);
    const bool looks = user.random().chance(60);
    const auto ordered =
        co_await user.post("order", "/orders",
                           fmt::format(R"({{"item":"{}","qty":{},"price":{},"address":"seoul"}})",
                                       item, quantity, 900'000 * quantity));
    const auto id = ordered.number("/id");
    if (!ordered.ok() || !id) co_return;
    user.made("orders");
    const auto path = fmt::format("/orders/{}", *id);
    if (cancels) {
        const auto cancelled = co_await user.remove("cancel", path);  // 409: shipped already
        if (cancelled.ok()) user.made("cancellations");
    }
    if (!looks) co_return;
    co_await user.get("look", path);
    co_await user.get("follow", fmt::format("/customers/{}", *id), 404);
}

}  // namespace

const Script phoneshop_script{"phoneshop", &visit, contexts};

}  // namespace yeyak::demo
