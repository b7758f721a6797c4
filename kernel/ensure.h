// ensure(): an assertion that stays on in every build. For bugs only: a broken invariant ends the
// process before it can write or answer anything false. Expected refusals and failures are values.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <source_location>

namespace yeyak {

inline void ensure(bool holds, const char* invariant,
                   std::source_location at = std::source_location::current()) {
    if (holds) [[likely]]
        return;
    std::fprintf(stderr, "%s:%u: broken invariant: %s\n", at.file_name(), at.line(), invariant);
    std::abort();
}

}  // namespace yeyak
