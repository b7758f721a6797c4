#include "api/systems/vaccination/body.h"

#include "api/routes/body_impl.h"
#include "api/routes/forms.h"

namespace yeyak::api {
namespace {

constexpr std::string_view registration_form =
    "13 digits, the first six a day of birth: 890309-2766876";

}  // namespace

const Body<DateBody> date_body{
    Reading::lenient,
    {field(&DateBody::user_name).length(1, 100),
     field(&DateBody::user_reg_number).form(registration_number).about(registration_form)}};

const Body<ReserveBody> reserve_body{
    Reading::lenient,
    {field(&ReserveBody::user_name).length(1, 100),
     field(&ReserveBody::user_reg_number).form(registration_number).about(registration_form)},
    {.ignored = {"id"}}};

const Body<CancelBody> cancel_body{
    Reading::lenient,
    {field(&CancelBody::user_reg_number).form(registration_number).about(registration_form),
     field(&CancelBody::user_id).from(1)},
    {.ignored = {"id"}, .one_of = {"userRegNumber", "userId"}}};

const Body<HospitalBody> hospital_body{
    Reading::lenient, {field(&HospitalBody::user_id).from(1)}, {.ignored = {"id"}}};

}  // namespace yeyak::api
