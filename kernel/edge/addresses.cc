#include "kernel/edge/addresses.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>

namespace yeyak {
namespace {

constexpr std::array<std::uint8_t, 12> v4_in_v6{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// The bytes of which all but the first `prefix` bits are zero.
std::array<std::uint8_t, 16> masked(std::array<std::uint8_t, 16> bytes, unsigned prefix) {
    for (unsigned i = 0; i < bytes.size(); ++i) {
        const unsigned kept = std::min(8U, prefix - std::min(prefix, i * 8));
        bytes[i] = static_cast<std::uint8_t>(bytes[i] & (0xff00U >> kept));
    }
    return bytes;
}

}  // namespace

std::optional<std::string> canonical_address(std::string_view text) {
    using namespace boost::asio::ip;
    boost::system::error_code bad;
    auto address = make_address(std::string{text}, bad);
    if (bad) return std::nullopt;
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        address = make_address_v4(v4_mapped, address.to_v6());
    return address.to_string();
}

bool is_loopback(std::string_view address) {
    const auto canonical = canonical_address(address);
    return canonical && boost::asio::ip::make_address(*canonical).is_loopback();
}

bool is_host(std::string_view text) {
    constexpr std::string_view marks = "-._~!$&'()*+,;=:[]%";
    return std::ranges::all_of(text, [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               marks.contains(c);
    });
}

bool is_base_address(std::string_view text) {
    const bool secure = text.starts_with("https://");
    if (!secure && !text.starts_with("http://")) return false;
    text.remove_prefix(secure ? 8 : 7);
    const auto path = text.substr(std::min(text.find('/'), text.size()));
    const auto host = text.substr(0, text.size() - path.size());
    constexpr std::string_view no_path = "\"<>?#\\^`{|}";
    return !host.empty() && is_host(host) && !path.ends_with('/') &&
           std::ranges::all_of(path,
                               [&](char c) { return c > ' ' && c < 0x7f && !no_path.contains(c); });
}

std::optional<AddressBlocks::Bytes> AddressBlocks::bytes_of(std::string_view text) {
    const std::string address{text};
    Bytes bytes{};
    if (::inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1) return bytes;
    std::ranges::copy(v4_in_v6, bytes.begin());
    if (::inet_pton(AF_INET, address.c_str(), bytes.data() + v4_in_v6.size()) == 1) return bytes;
    return std::nullopt;
}

std::expected<AddressBlocks::Block, std::string> AddressBlocks::block_of(std::string_view text) {
    const auto slash = text.find('/');
    const auto bytes = bytes_of(text.substr(0, slash));
    if (!bytes) return std::unexpected(fmt::format("'{}' is not an address or a block", text));
    Block block{*bytes, 128};
    if (slash == std::string_view::npos) return block;
    const auto digits = text.substr(slash + 1);
    const unsigned most = text.contains(':') ? 128 : 32;
    unsigned prefix = 0;
    const auto* end = digits.data() + digits.size();
    const auto [read, code] = std::from_chars(digits.data(), end, prefix);
    if (digits.empty() || code != std::errc{} || read != end || prefix > most)
        return std::unexpected(fmt::format("the prefix of '{}' is not 0 to {}", text, most));
    block.prefix = 128 - most + prefix;
    if (masked(*bytes, block.prefix) != *bytes)
        return std::unexpected(fmt::format("'{}' has bits beyond its prefix", text));
    return block;
}

std::expected<AddressBlocks, std::string> AddressBlocks::parse(std::string_view list) {
    AddressBlocks blocks;
    if (trimmed(list).empty()) return blocks;
    for (std::size_t at = 0; at <= list.size();) {
        const auto comma = std::min(list.find(',', at), list.size());
        auto block = block_of(trimmed(list.substr(at, comma - at)));
        if (!block) return std::unexpected(std::move(block).error());
        blocks.blocks_.push_back(*block);
        at = comma + 1;
    }
    return blocks;
}

bool AddressBlocks::contains(std::string_view address) const {
    if (blocks_.empty()) return false;
    const auto bytes = bytes_of(address);
    return bytes && std::ranges::any_of(blocks_, [&](const Block& block) {
               return masked(*bytes, block.prefix) == block.first;
           });
}

}  // namespace yeyak
