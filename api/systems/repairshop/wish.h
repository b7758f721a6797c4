// What a `stat` asks for, in the words of the founding document and their synonyms (CAR-X1). There
// are commands behind them: any other text is refused with the list of those that mean something.
#pragma once
#include <expected>
#include <string_view>

#include "api/http/http.h"

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

// Of POST /receipts, PATCH /receipts/{id} and PATCH /repairs/{id}.
std::expected<Wish, http::Response> new_receipt_wish(std::string_view stat);
std::expected<Wish, http::Response> receipt_wish(std::string_view stat);
std::expected<Wish, http::Response> repair_wish(std::string_view stat);

}  // namespace yeyak::api
