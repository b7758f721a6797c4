// What the descriptions of many routes have in common.
#pragma once
#include <string>
#include <utility>

#include "api/http/router.h"

namespace yeyak::api {

// An answer that is a problem.
inline http::ResponseDoc refused(int status, std::string description) {
    return {status, std::move(description), "application/problem+json", "", ""};
}

inline http::ParameterDoc idempotency_key() {
    return {"Idempotency-Key", "header", "string", false,
            "repeating a request with the same key has no second effect and the same answer"};
}

}  // namespace yeyak::api
