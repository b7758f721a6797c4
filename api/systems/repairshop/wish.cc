#include "api/systems/repairshop/wish.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "api/http/problem.h"

namespace yeyak::api {
namespace {

struct Word {
    std::string_view stat;
    Wish wish;
};

constexpr Word new_receipt_words[] = {
    {"REPAIRREQUEST", Wish::repair},
    {"REQUESTREPAIR", Wish::repair},
    {"REPAIRREQUESTED", Wish::repair},
    {"DELIVERYREQUESTED", Wish::import},
};
constexpr Word receipt_words[] = {
    {"PAYMENTREQUESTED", Wish::payment},
    {"DELIVERYREQUESTED", Wish::delivery},
    {"CANCELREQUESTED", Wish::cancel},
    {"CANCEL", Wish::cancel},
};
constexpr Word repair_words[] = {
    {"REPAIRRECEIVED", Wish::accept_repair},  {"ACCEPT", Wish::accept_repair},
    {"REPAIRED", Wish::complete_repair},      {"COMPLETE", Wish::complete_repair},
    {"REPAIRREJECTED", Wish::reject_repair},  {"REJECT", Wish::reject_repair},
    {"REPAIRCANCELLED", Wish::cancel_repair}, {"CANCEL", Wish::cancel_repair},
};

std::expected<Wish, http::Response> look_up(std::span<const Word> words, std::string_view stat) {
    const auto found = std::ranges::find(words, stat, &Word::stat);
    if (found != words.end()) return found->wish;
    std::string known;
    for (const auto& word : words)
        known += fmt::format("{}{}", known.empty() ? "" : ", ", word.stat);
    return std::unexpected(http::problem(
        422, "invalid_value", fmt::format("stat asks for one of {} here", known), "stat"));
}

}  // namespace

std::expected<Wish, http::Response> new_receipt_wish(std::string_view stat) {
    return look_up(new_receipt_words, stat);
}
std::expected<Wish, http::Response> receipt_wish(std::string_view stat) {
    return look_up(receipt_words, stat);
}
std::expected<Wish, http::Response> repair_wish(std::string_view stat) {
    return look_up(repair_words, stat);
}

}  // namespace yeyak::api
