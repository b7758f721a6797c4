#include "api/systems/library/body.h"

#include "api/routes/body_impl.h"
#include "api/routes/forms.h"

namespace yeyak::api {

const Body<LoanBody> loan_body{
    Reading::strict,
    {field(&LoanBody::user_id).from(1), field(&LoanBody::user_name).length(1, 100),
     field(&LoanBody::book).length(1, 200)}};
const Body<FinePaymentBody> fine_payment_body{
    Reading::strict,
    {field(&FinePaymentBody::card_no).form(card_number).about("12 to 19 digits; kept as a token")}};

}  // namespace yeyak::api
