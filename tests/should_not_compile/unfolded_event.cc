// An event that evolve() does not fold.
#include "aggregates/kernel/match.h"

struct Opened {};
struct Shut {};
struct Painted {};

int evolve(const std::variant<Opened, Shut, Painted>& event) {
    return yeyak::match<int>(event)([](const Opened&) { return 1; },
#ifndef MISTAKE
                                    [](const Painted&) { return 3; },
#endif
                                    [](const Shut&) { return 2; });
}
