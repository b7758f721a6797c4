#include "api/systems/repairshop/wish.h"

#include <algorithm>
#include <span>

#include "kernel/ensure.h"

namespace yeyak::api {
namespace {

struct Word {
    std::string_view text;
    Wish wish;
};

constexpr Word of_new_receipts[] = {
    {"REPAIRREQUEST", Wish::repair},
    {"REQUESTREPAIR", Wish::repair},
    {"REPAIRREQUESTED", Wish::repair},
    {"DELIVERYREQUESTED", Wish::import},
};
constexpr Word of_receipts[] = {
    {"PAYMENTREQUESTED", Wish::payment},
    {"DELIVERYREQUESTED", Wish::delivery},
    {"CANCELREQUESTED", Wish::cancel},
    {"CANCEL", Wish::cancel},
};
constexpr Word of_repairs[] = {
    {"REPAIRRECEIVED", Wish::accept_repair},  {"ACCEPT", Wish::accept_repair},
    {"REPAIRED", Wish::complete_repair},      {"COMPLETE", Wish::complete_repair},
    {"REPAIRREJECTED", Wish::reject_repair},  {"REJECT", Wish::reject_repair},
    {"REPAIRCANCELLED", Wish::cancel_repair}, {"CANCEL", Wish::cancel_repair},
};

std::vector<std::string_view> texts_of(std::span<const Word> words) {
    std::vector<std::string_view> texts;
    for (const auto& word : words) texts.push_back(word.text);
    return texts;
}

Wish meaning_of(std::string_view text, std::span<const Word> words) {
    const auto found = std::ranges::find(words, text, &Word::text);
    ensure(found != words.end(), "a body takes no word that means nothing");
    return found->wish;
}

}  // namespace

std::vector<std::string_view> new_receipt_words() { return texts_of(of_new_receipts); }
std::vector<std::string_view> receipt_words() { return texts_of(of_receipts); }
std::vector<std::string_view> repair_words() { return texts_of(of_repairs); }

Wish new_receipt_wish(std::string_view word) { return meaning_of(word, of_new_receipts); }
Wish receipt_wish(std::string_view word) { return meaning_of(word, of_receipts); }
Wish repair_wish(std::string_view word) { return meaning_of(word, of_repairs); }

}  // namespace yeyak::api
