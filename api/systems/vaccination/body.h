// What clients send for a vaccination. An `id` is ignored.
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "api/routes/body.h"
#include "kernel/time.h"
#include "privacy/personal.h"

namespace yeyak::api {

struct DateBody {
    privacy::PersonName user_name;
    privacy::RegistrationNumber user_reg_number;
};
BOOST_DESCRIBE_STRUCT(DateBody, (), (user_name, user_reg_number))

struct ReserveBody {
    privacy::PersonName user_name;
    privacy::RegistrationNumber user_reg_number;
    Date reserve_date;
};
BOOST_DESCRIBE_STRUCT(ReserveBody, (), (user_name, user_reg_number, reserve_date))

// One of the two.
struct CancelBody {
    std::optional<privacy::RegistrationNumber> user_reg_number;
    std::optional<std::int64_t> user_id;
};
BOOST_DESCRIBE_STRUCT(CancelBody, (), (user_reg_number, user_id))

struct HospitalBody {
    std::int64_t user_id = 0;
};
BOOST_DESCRIBE_STRUCT(HospitalBody, (), (user_id))

extern const Body<DateBody> date_body;
extern const Body<ReserveBody> reserve_body;
extern const Body<CancelBody> cancel_body;
extern const Body<HospitalBody> hospital_body;

}  // namespace yeyak::api
