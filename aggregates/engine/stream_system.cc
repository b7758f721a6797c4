#include "aggregates/engine/stream_system.h"

namespace yeyak {

std::string_view system_of(std::string_view stream) {
    const bool shared = stream.starts_with("payment.") || stream.starts_with("notification.");
    if (const auto dash = stream.find('-'); shared && dash != std::string_view::npos)
        stream.remove_prefix(dash + 1);
    return stream.substr(0, stream.find_first_of(".-"));
}

}  // namespace yeyak
