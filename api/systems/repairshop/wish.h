// What a `stat` asks for, in the words of the founding document and their synonyms (CAR-X1). There
// are commands behind them.
#pragma once
#include <string_view>
#include <vector>

namespace yeyak::api {

enum class Wish {
    repair,
    import,
    cancel,
    payment,
    delivery,
    accept_repair,
    complete_repair,
    reject_repair,
    cancel_repair
};

// The words of POST /receipts, PATCH /receipts/{id} and PATCH /repairs/{id}; the bodies of these
// requests take no other (body.h).
std::vector<std::string_view> new_receipt_words();
std::vector<std::string_view> receipt_words();
std::vector<std::string_view> repair_words();

// What one of those words means there.
Wish new_receipt_wish(std::string_view word);
Wish receipt_wish(std::string_view word);
Wish repair_wish(std::string_view word);

}  // namespace yeyak::api
