// What clients send to the library.
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <string>

#include "api/routes/body.h"
#include "privacy/personal.h"

namespace yeyak::api {

struct LoanBody {
    std::int64_t user_id = 0;
    privacy::PersonName user_name;
    std::string book;
};
BOOST_DESCRIBE_STRUCT(LoanBody, (), (user_id, user_name, book))
struct FinePaymentBody {
    privacy::CardNumber card_no;
};
BOOST_DESCRIBE_STRUCT(FinePaymentBody, (), (card_no))

extern const Body<LoanBody> loan_body;
extern const Body<FinePaymentBody> fine_payment_body;

}  // namespace yeyak::api
