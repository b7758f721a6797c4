// SHA-256 and the record checksum. SHA-256 proves (leaf hashes); XXH3 only detects accidents.
#pragma once
#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace yeyak::eventstore {

using Sha256 = std::array<std::uint8_t, 32>;

// Of the parts as one text.
Sha256 sha256(std::initializer_list<std::string_view> parts);
std::uint64_t xxh3(std::string_view bytes, std::uint64_t seed);
std::string to_hex(const Sha256& digest);

}  // namespace yeyak::eventstore
