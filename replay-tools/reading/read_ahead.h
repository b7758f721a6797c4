#pragma once
#include "eventstore/read_ahead.h"

namespace yeyak::tools {

using eventstore::ReadAhead;

}  // namespace yeyak::tools
