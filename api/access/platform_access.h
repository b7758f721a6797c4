// Who may use the routes of the platform, in one table.
#pragma once
#include <span>

#include "api/access/access_row.h"

namespace yeyak::api {

std::span<const AccessRow> platform_access();

}  // namespace yeyak::api
