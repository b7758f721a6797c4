#pragma once
#include "eventstore/log_pages.h"

namespace yeyak::tools {

using eventstore::LogPages;

}  // namespace yeyak::tools
