// SHA-256 and the record checksum. SHA-256 proves (leaf hashes); XXH3 only detects accidents.
#pragma once
#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace yeyak::eventstore {

using Sha256 = std::array<std::uint8_t, 32>;

// Of the parts as one text.
Sha256 sha256(std::initializer_list<std::string_view> parts);
// Of bytes that come in pieces. One thread.
class Sha256Stream {
  public:
    Sha256Stream();
    ~Sha256Stream();
    Sha256Stream(Sha256Stream&&) noexcept;
    Sha256Stream& operator=(Sha256Stream&&) noexcept;
    void update(std::string_view bytes);
    // Ends it.
    Sha256 finish();

  private:
    struct Context;
    std::unique_ptr<Context> context_;
};

std::uint64_t xxh3(std::string_view bytes, std::uint64_t seed);
std::string to_hex(const Sha256& digest);
// Nothing for any other text than to_hex() gives.
std::optional<Sha256> from_hex(std::string_view text);

}  // namespace yeyak::eventstore
