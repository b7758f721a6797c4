// Who sends a request that came through proxies, and how he sees this server: by the word of those
// proxies that the operator trusts, and of nobody else. Without one a request is from its peer, and
// what it says of others (X-Forwarded-For, Forwarded: RFC 7239) is not looked at.
//
// No I/O, no state.
#pragma once
#include <string>
#include <string_view>

#include "api/http/http.h"
#include "kernel/edge/addresses.h"

namespace yeyak::http {

struct ProxyOptions {
    AddressBlocks trusted;
    // The field that these proxies write. They pass the other one on as the client wrote it.
    enum class Field { x_forwarded, forwarded };
    Field field = Field::x_forwarded;
    // "https://shop.example/api": what all links begin with, whatever is said. Empty: not set.
    std::string public_address;
};

struct Sender {
    std::string address;    // of the client, or the nearest that is known of him
    std::string authority;  // "shop.example:8080": the host that he asked for
    std::string base;       // "https://shop.example": what he puts before a path of this server
};

// `peer` is the address of the connection, `scheme` what it speaks: http or https.
Sender sender_of(const Headers& headers, std::string_view peer, const ProxyOptions& options,
                 std::string_view scheme = "http");

}  // namespace yeyak::http
