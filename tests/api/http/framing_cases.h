// Hand-written requests, good and bad, and what the parser must make of each: shared by the
// framing tests.
#pragma once
#include <string>
#include <vector>

namespace yeyak::http::testing {

struct FramingCase {
    std::string name;
    std::string bytes;
    // Every complete request as "METHOD target body;" and then how it ends: nothing when the parser
    // is between requests, "waiting" in the middle of one, or "400 code" when it refused.
    std::string outcome;
};

std::vector<FramingCase> framing_cases();

}  // namespace yeyak::http::testing
