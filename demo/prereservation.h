// What people do in smartphone pre-reservation.
#pragma once
#include "demo/script.h"

namespace yeyak::demo {

extern const Script prereservation_script;

}  // namespace yeyak::demo
