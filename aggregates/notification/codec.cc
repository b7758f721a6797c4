#include "aggregates/notification/contract.h"
#include "kernel/json_impl.h"

namespace yeyak {

YEYAK_INSTANTIATE_VARIANT_CODEC(notification::Event)
YEYAK_INSTANTIATE_VARIANT_CODEC(notification::Command)
YEYAK_INSTANTIATE_VARIANT_CODEC(notification::Effect)

}  // namespace yeyak
