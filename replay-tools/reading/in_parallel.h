#pragma once
#include "eventstore/in_parallel.h"

namespace yeyak::tools {

using eventstore::in_parallel;

}  // namespace yeyak::tools
