// What clients send for a vaccination. Fields beyond these, such as an `id`, are ignored.
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "kernel/time.h"

namespace yeyak::api {

struct DateBody {
    std::string user_name;
    std::string user_reg_number;
};
BOOST_DESCRIBE_STRUCT(DateBody, (), (user_name, user_reg_number))

struct ReserveBody {
    std::string user_name;
    std::string user_reg_number;
    Date reserve_date;
};
BOOST_DESCRIBE_STRUCT(ReserveBody, (), (user_name, user_reg_number, reserve_date))

// One of the two.
struct CancelBody {
    std::optional<std::string> user_reg_number;
    std::optional<std::int64_t> user_id;
};
BOOST_DESCRIBE_STRUCT(CancelBody, (), (user_reg_number, user_id))

struct HospitalBody {
    std::int64_t user_id = 0;
};
BOOST_DESCRIBE_STRUCT(HospitalBody, (), (user_id))

}  // namespace yeyak::api
