// A body says which of its fields are personal; a plain text of such a name is none of them.
#include "api/routes/body_impl.h"

struct OrderBody {
#ifdef MISTAKE
    std::string address;
#else
    yeyak::privacy::Address address;
#endif
};
BOOST_DESCRIBE_STRUCT(OrderBody, (), (address))

const yeyak::api::Body<OrderBody> order_body{yeyak::Reading::lenient,
                                             {yeyak::api::field(&OrderBody::address).length(1, 9)}};
