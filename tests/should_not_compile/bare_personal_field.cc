// What the log holds of a person is sealed: a plain text of such a name is no field of an event.
#include "kernel/json_impl.h"

struct ParcelSent {
    static constexpr std::string_view type = "parcel_sent.v1";
#ifdef MISTAKE
    std::optional<std::string> delivery_address;
#else
    std::optional<yeyak::Sealed> delivery_address;
#endif
    std::string product_name;
};
BOOST_DESCRIBE_STRUCT(ParcelSent, (), (delivery_address, product_name))

std::string write_event(const std::variant<ParcelSent>& event) {
    return yeyak::encode_event(event);
}
