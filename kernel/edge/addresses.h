// Addresses of clients and proxies, and what a link of this server begins with. Values without
// state.
#pragma once
#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yeyak {

// One spelling for each address: "192.0.2.7", "2001:db8::1". Nothing when it is no IP address.
std::optional<std::string> canonical_address(std::string_view text);

// Whether only programs on this machine reach it: 127.0.0.0/8, ::1.
bool is_loopback(std::string_view address);

// Whether a text may be a host, with a port or without: by its characters (RFC 3986, 3.2.2), and
// empty is one, too.
bool is_host(std::string_view text);

// Whether it can stand before a path: "http" or "https", "://", a host, and perhaps a path, that
// does not end with a slash.
bool is_base_address(std::string_view text);

// Addresses and blocks as an operator writes them: "10.0.0.0/8, 192.0.2.7, 2001:db8::/32". IPv4
// addresses are also met in their IPv6 form (::ffff:192.0.2.7).
class AddressBlocks {
  public:
    // An empty list holds no address. The error is a sentence about the part that is wrong.
    static std::expected<AddressBlocks, std::string> parse(std::string_view list);

    bool contains(std::string_view address) const;
    bool empty() const { return blocks_.empty(); }

  private:
    using Bytes = std::array<std::uint8_t, 16>;
    struct Block {
        Bytes first{};
        unsigned prefix = 128;  // bits that count
    };
    static std::optional<Bytes> bytes_of(std::string_view text);
    static std::expected<Block, std::string> block_of(std::string_view text);

    std::vector<Block> blocks_;
};

}  // namespace yeyak
