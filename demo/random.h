// A seeded generator (SplitMix64). Unlike the distributions of the standard library it gives the
// same numbers everywhere: the same seed is the same script.
#pragma once
#include <cstdint>

namespace yeyak::demo {

class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    // One that goes its own way: for the `number`th visit, whoever came before.
    static Random for_visit(std::uint64_t seed, std::uint64_t number) {
        return Random{Random{Random{seed}.next() ^ number}.next()};
    }

    std::uint64_t next() {
        state_ += 0x9e3779b97f4a7c15;
        auto mixed = state_;
        mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
        return mixed ^ mixed >> 31;
    }
    // From 0 to limit - 1.
    std::uint64_t below(std::uint64_t limit) { return next() % limit; }
    bool chance(std::uint64_t percent) { return below(100) < percent; }

  private:
    std::uint64_t state_;
};

}  // namespace yeyak::demo
