// Every `code` of a problem (api/http/problem.h), with what it means. The page that a problem's
// `type` leads to is made of it; tests/tidy and the end-to-end tests see that no code is missing.
#pragma once
#include <span>
#include <string_view>

namespace yeyak::api {

struct ProblemCode {
    std::string_view code;
    std::string_view meaning;  // and what helps, in a sentence or two
};

// In the order of the codes.
std::span<const ProblemCode> problem_codes();

}  // namespace yeyak::api
