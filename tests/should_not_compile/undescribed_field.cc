// A field that the field list forgets would be lost in silence.
#include "kernel/json_impl.h"

struct Order {
    int count = 0;
#ifdef MISTAKE
    int forgotten = 0;
#endif
};
BOOST_DESCRIBE_STRUCT(Order, (), (count))

std::string write_order() { return yeyak::to_json(Order{}); }
