// Personal texts for tests of rules and views: read back by the codec, as from a log. Nothing else
// makes them without a key.
#pragma once
#include <string_view>

#include "kernel/sealed.h"

namespace yeyak::tests {

Sealed sealed(std::string_view text);
CardToken card_token(std::string_view text);

}  // namespace yeyak::tests
