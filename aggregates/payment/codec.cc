#include "aggregates/payment/contract.h"
#include "kernel/json_impl.h"

namespace yeyak {

YEYAK_INSTANTIATE_VARIANT_CODEC(payment::Event)
YEYAK_INSTANTIATE_VARIANT_CODEC(payment::Command)
YEYAK_INSTANTIATE_VARIANT_CODEC(payment::Effect)

}  // namespace yeyak
