// A pair of state and command that nobody wrote a rule for.
#include "aggregates/kernel/match.h"

struct Vacant {};
struct Held {};
struct Hold {};
struct Release {};

int decide(const std::variant<Vacant, Held>& state, const std::variant<Hold, Release>& command) {
    return yeyak::match(state, command)([](const Vacant&, const Hold&) { return 1; },
                                        [](const Vacant&, const Release&) { return 2; },
#ifndef MISTAKE
                                        [](const Held&, const Hold&) { return 3; },
#endif
                                        [](const Held&, const Release&) { return 4; });
}
