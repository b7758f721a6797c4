// Readers reserve books and are lent them; some are late, and pay for it.
#include "demo/library.h"

#include <fmt/format.h>

namespace yeyak::demo {
namespace {

constexpr std::string_view books[] = {"Pachinko", "The Vegetarian", "Please Look After Mom"};
constexpr std::string_view contexts[] = {"library", "library.payment", "catalogue"};

Task<void> visit(User& user) {
    const auto book = books[user.random().below(std::size(books))];
    const bool late = user.random().chance(30);
    const auto reserved = co_await user.post(
        "reserve", "/loans",
        fmt::format(R"({{"userId":{},"userName":"Jieun Lee","book":"{}"}})", user.number(), book));
    const auto id = reserved.number("/id");
    if (!reserved.ok() || !id) co_return;
    user.made("reservations");
    const auto loan = fmt::format("/loans/{}", *id);
    if (!(co_await user.post("lend", loan + "/lending", "")).ok()) co_return;
    if (late) {
        co_await user.post("fine", loan + "/fine", "");
        const auto paid =
            co_await user.post("pay", loan + "/payment", R"({"cardNo":"1234-1234-1234-1234"})");
        if (paid.text("/status") != "settled") co_return;
        user.made("fines");
    }
    if ((co_await user.post("return", loan + "/return", "")).ok()) user.made("returns");
}

}  // namespace

const Script library_script{"library", &visit, contexts};

}  // namespace yeyak::demo
