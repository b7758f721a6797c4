#include "aggregates/kernel/json_impl.h"
#include "aggregates/operations/journal.h"

namespace yeyak {

YEYAK_INSTANTIATE_VARIANT_CODEC(operations::Event)
YEYAK_INSTANTIATE_VARIANT_CODEC(operations::State)

}  // namespace yeyak
