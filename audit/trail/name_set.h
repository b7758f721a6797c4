// A set of names, each kept as a hash of 128 bits: 48 bytes for a name of any length.
#pragma once
#include <xxhash.h>

#include <cstdint>
#include <string_view>
#include <unordered_set>

namespace yeyak::trail {

class NameSet {
  public:
    void add(std::string_view name) { hashes_.insert(hash_of(name)); }
    bool contains(std::string_view name) const { return hashes_.contains(hash_of(name)); }
    std::size_t size() const { return hashes_.size(); }

  private:
    struct Hash {
        std::uint64_t low = 0;
        std::uint64_t high = 0;
        friend bool operator==(const Hash&, const Hash&) = default;
    };
    struct LowHalf {
        std::size_t operator()(const Hash& hash) const { return hash.low; }
    };
    static Hash hash_of(std::string_view name) {
        const auto hash = XXH3_128bits(name.data(), name.size());
        return {hash.low64, hash.high64};
    }

    std::unordered_set<Hash, LowHalf> hashes_;
};

}  // namespace yeyak::trail
