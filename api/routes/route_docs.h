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

// A command that looks at conditions; the router refuses them where they are not described.
inline void describe_conditions(http::RouteDoc& doc) {
    const auto header = [&](std::string name, std::string description) {
        doc.parameters.push_back(
            {std::move(name), "header", "string", false, std::move(description)});
    };
    header("If-Match", "the ETag that the row had when it was read, or several, or *");
    header("If-None-Match", "ETags that the row must not have any more");
    header("Expected-Version", "the version that the row's stream must be at, or exists");
    doc.responses.push_back(refused(409, "Expected-Version is not met"));
    doc.responses.push_back(refused(412, "If-Match or If-None-Match is not met"));
}

}  // namespace yeyak::api
