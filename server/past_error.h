// Why the past cannot be read; see server/past.h for the bounds.
#pragma once
#include <cstdint>
#include <expected>
#include <string>

namespace yeyak::server {

struct PastError {
    enum class Kind { busy, too_far, failed };
    Kind kind = Kind::failed;
    std::string detail;
    std::uint64_t events = 0;  // too_far: how many would have to be read
    std::uint64_t most = 0;    // and how many may be
};
template <class T>
using PastResult = std::expected<T, PastError>;

}  // namespace yeyak::server
