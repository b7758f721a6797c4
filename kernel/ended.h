// How a command ended, for everybody who hears of it: the engine, the sagas, the routes.
#pragma once
#include <string>
#include <string_view>

namespace yeyak {

enum class Ended {
    ok,            // accepted, or it was so already
    context_down,  // not decided, its context is stopped: a moment later it may succeed
    key_reused,    // not decided: its idempotency key belongs to another request
    refused,       // by a rule, which says why
};

// As clients, logs and the idempotency table know it; `refusal` is the code of the rule.
constexpr std::string_view code_of(Ended ended, std::string_view refusal = "") {
    switch (ended) {
        case Ended::ok:
            return "ok";
        case Ended::context_down:
            return "context_down";
        case Ended::key_reused:
            return "idempotency_key_reused";
        case Ended::refused:
            break;
    }
    return refusal;
}

// The way back; any other code is that of a rule.
constexpr Ended ended_of(std::string_view code) {
    for (const auto ended : {Ended::ok, Ended::context_down, Ended::key_reused})
        if (code == code_of(ended)) return ended;
    return Ended::refused;
}

}  // namespace yeyak
