#include "kernel/edge/hosts.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "kernel/edge/addresses.h"

namespace yeyak {
namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string small_letters(std::string_view text) {
    std::string out{text};
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

// The text without a port; nothing when what should be its port is none.
std::optional<std::string_view> without_port(std::string_view authority) {
    const auto host = host_of(authority);
    if (host.size() == authority.size()) return host;
    const auto digits = authority.substr(host.size() + 1);
    unsigned port = 0;
    const auto* end = digits.data() + digits.size();
    const auto [read, code] = std::from_chars(digits.data(), end, port);
    if (code != std::errc{} || read != end || port == 0 || port > 65'535) return std::nullopt;
    return digits.starts_with('0') ? std::nullopt : std::optional{host};
}

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= 253 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    });
}

bool is_name_or_address(std::string_view host) {
    if (!host.starts_with('[')) return is_name(host);
    if (!host.ends_with(']') || !host.contains(':')) return false;
    const auto address = host.substr(1, host.size() - 2);
    return canonical_address(address) == address;  // as browsers spell it
}

std::string why_no_host(std::string_view text) {
    if (is_name_or_address(text)) return {};
    return fmt::format("'{}' is not the name of a host without a port", text);
}

std::string why_no_origin(std::string_view text) {
    const bool secure = text.starts_with("https://");
    const bool plain = text.starts_with("http://");
    const auto authority = text.substr(secure ? 8 : plain ? 7 : text.size());
    const auto host = without_port(authority);
    if (!host || !is_name_or_address(*host))
        return fmt::format("'{}' is not http:// or https:// and a host, perhaps with a port", text);
    if (authority.substr(host->size()) == (secure ? ":443" : ":80"))
        return fmt::format("browsers leave out the port of '{}'", text);
    return {};
}

NameList parse(std::string_view list, std::string (*why_not)(std::string_view)) {
    std::vector<std::string> names;
    if (trimmed(list).empty()) return names;
    for (std::size_t at = 0; at <= list.size();) {
        const auto comma = std::min(list.find(',', at), list.size());
        names.push_back(small_letters(trimmed(list.substr(at, comma - at))));
        if (auto why = why_not(names.back()); !why.empty()) return std::unexpected(std::move(why));
        at = comma + 1;
    }
    return names;
}

}  // namespace

NameList parse_hosts(std::string_view list) { return parse(list, why_no_host); }

NameList parse_origins(std::string_view list) { return parse(list, why_no_origin); }

std::string_view authority_of(std::string_view address) {
    const auto scheme = address.find("://");
    if (scheme == std::string_view::npos) return {};
    const auto rest = address.substr(scheme + 3);
    return rest.substr(0, rest.find('/'));
}

std::string_view host_of(std::string_view authority) {
    const auto end = authority.starts_with('[') ? authority.find(']') : 0;
    return authority.substr(0, authority.find(':', std::min(end, authority.size())));
}

std::string host_from(std::string_view address) {
    return address.contains(':') ? fmt::format("[{}]", address) : std::string{address};
}

}  // namespace yeyak
