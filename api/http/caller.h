// Who sent a request, as his token says, and how far the route lets him reach. There is no caller
// in the open mode and on routes that anybody may use.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace yeyak::http {

// Whose rows a caller reaches on a route.
enum class Reach : std::uint8_t {
    all,
    look,  // all, and only to read
    own,   // what he began himself: see api/access/ownership.h
};

struct Caller {
    std::string subject;  // "user:17"; the actor of what he does
    // What a body may call a customer of his: 17 of "user:17", or the claim "customer".
    std::optional<std::int64_t> customer;
    // Of a program: prefixes of streams; see api/access/own_streams.h.
    std::vector<std::string> may_read;
    std::vector<std::string> may_write;
    bool may_name_actor = false;  // X-Actor counts
    Reach reach = Reach::own;     // of the strongest of his roles that the route knows
    // For how long his token is good, from when the request was let in. A stream is asked again
    // then.
    std::chrono::milliseconds remaining{0};
};

}  // namespace yeyak::http
