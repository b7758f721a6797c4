#include "aggregates/operations/journal.h"
#include "kernel/json_impl.h"

namespace yeyak {

YEYAK_INSTANTIATE_VARIANT_CODEC(operations::Event)
YEYAK_INSTANTIATE_VARIANT_CODEC(operations::State)

}  // namespace yeyak
