// Cars come in and are repaired, paid for and delivered; some are rejected or taken back.
#include "demo/repairshop.h"

#include <fmt/format.h>

namespace yeyak::demo {
namespace {

Task<Answer> change(User& user, std::string_view kind, std::string path, std::string body) {
    // Where the desk, the workshop and the till are apart, one may not have heard of it yet.
    return user.patch(kind, std::move(path), std::move(body), 404);
}

constexpr std::string_view contexts[] = {"repairshop.receipt", "repair", "repairshop.payment",
                                         "delivery", "display"};

Task<void> visit(User& user) {
    const auto then = user.random().below(100);
    const auto amount = 10'000 * (1 + user.random().below(50));
    const auto plate =
        fmt::format("{:02}가{:04}", user.number() / 10'000 % 100, user.number() % 10'000);
    const auto received = co_await user.post(
        "hand in", "/receipts", fmt::format(R"({{"vehiNo":"{}","stat":"REPAIRREQUEST"}})", plate));
    const auto id = received.number("/id");
    if (!received.ok() || !id) co_return;
    user.made("receipts");
    const auto receipt = fmt::format("/receipts/{}", *id);
    const auto repair = fmt::format("/repairs/{}", *id);
    if (then < 10) {
        const auto rejected =
            co_await change(user, "reject", repair, R"({"stat":"REPAIRREJECTED"})");
        if (rejected.ok()) user.made("rejections");
        co_return;
    }
    if (then < 20) {
        const auto cancelled =
            co_await change(user, "cancel", receipt, R"({"stat":"CANCELREQUESTED"})");
        if (cancelled.ok()) user.made("cancellations");
        co_return;
    }
    const auto repaired = co_await change(
        user, "complete", repair, fmt::format(R"({{"stat":"REPAIRED","repairAmt":{}}})", amount));
    if (!repaired.ok()) co_return;
    user.made("repairs");
    const auto paid = co_await change(
        user, "pay", receipt, fmt::format(R"({{"stat":"PAYMENTREQUESTED","payAmt":{}}})", amount));
    if (!paid.ok()) co_return;
    user.made("payments");
    const auto delivered =
        co_await change(user, "deliver", receipt, R"({"stat":"DELIVERYREQUESTED"})");
    if (delivered.ok()) user.made("deliveries");
    if (then % 2 == 0) co_await user.get("look", fmt::format("/displays/{}", *id), 404);
}

}  // namespace

const Script repairshop_script{"repairshop", &visit, contexts};

}  // namespace yeyak::demo
