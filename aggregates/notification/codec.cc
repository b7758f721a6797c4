#include "aggregates/kernel/json_impl.h"
#include "aggregates/notification/contract.h"

namespace yeyak {

YEYAK_INSTANTIATE_VARIANT_CODEC(notification::Event)
YEYAK_INSTANTIATE_VARIANT_CODEC(notification::Command)
YEYAK_INSTANTIATE_VARIANT_CODEC(notification::Effect)

}  // namespace yeyak
