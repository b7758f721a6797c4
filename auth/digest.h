// SHA-256. Pure.
#pragma once
#include <string>
#include <string_view>

namespace yeyak::auth {

std::string sha256(std::string_view bytes);  // 32 bytes

}  // namespace yeyak::auth
