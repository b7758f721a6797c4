// A setting may hold a fraction. What is written may not: money and events are whole numbers.
#include "kernel/json_impl.h"

struct Share {
    std::optional<double> of_all;
};
BOOST_DESCRIBE_STRUCT(Share, (), (of_all))

auto read_share() { return yeyak::from_json<Share>("{}", yeyak::Reading::strict); }
#ifdef MISTAKE
std::string write_share() { return yeyak::to_json(Share{}); }
#endif
