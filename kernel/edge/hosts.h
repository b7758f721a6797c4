// Names of hosts and origins of pages, as an operator lists them. Values without state.
#pragma once
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace yeyak {

using NameList = std::expected<std::vector<std::string>, std::string>;

// Hosts without ports: "reservation, shop.example, [2001:db8::1]". In small letters. An empty list
// names none. The error is a sentence about the part that is wrong.
NameList parse_hosts(std::string_view list);

// Origins as browsers write them (RFC 6454): "https://shop.example, http://localhost:3000".
NameList parse_origins(std::string_view list);

// What stands between scheme and path: "https://shop.example:443/api" -> "shop.example:443"; empty
// when there is no scheme (the origin "null").
std::string_view authority_of(std::string_view address);

// The host of what a Host field says: "shop.example:8080" -> "shop.example", "[::1]:80" -> "[::1]".
std::string_view host_of(std::string_view authority);

// An address as it stands before a port: "127.0.0.1", "[::1]".
std::string host_from(std::string_view address);

}  // namespace yeyak
