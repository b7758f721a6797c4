#include "api/http/proxies.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace yeyak::http {
namespace {

// What one proxy says of whom it got the request from. Empty: nothing.
struct Hop {
    std::string client;  // as written: "192.0.2.7:4711", "[2001:db8::1]", "_hidden"
    std::string scheme;
    std::string authority;
};

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Cuts at a separator outside of quotes; a backslash in quotes takes the next character with it.
std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    bool quoted = false;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (quoted && text[i] == '\\') {
            ++i;
        } else if (text[i] == '"') {
            quoted = !quoted;
        } else if (!quoted && text[i] == separator) {
            parts.push_back(trimmed(text.substr(begin, i - begin)));
            begin = i + 1;
        }
    }
    parts.push_back(trimmed(text.substr(begin)));
    return parts;
}

std::string unquoted(std::string_view text) {
    if (text.size() < 2 || !text.starts_with('"') || !text.ends_with('"')) return std::string{text};
    std::string value;
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
        if (text[i] == '\\' && i + 2 < text.size()) ++i;
        value += text[i];
    }
    return value;
}

// All fields of the name as one list, in order.
std::vector<std::string_view> list_of(const Headers& headers, std::string_view name) {
    std::vector<std::string_view> list;
    for (const auto field : headers.all(name))
        for (const auto part : split(field, ',')) list.push_back(part);
    return list;
}

// Every proxy adds at the end, so that the lists belong together from their ends.
std::vector<Hop> x_forwarded(const Headers& headers) {
    const auto clients = list_of(headers, "X-Forwarded-For");
    const auto schemes = list_of(headers, "X-Forwarded-Proto");
    const auto hosts = list_of(headers, "X-Forwarded-Host");
    const auto longest = std::max({clients.size(), schemes.size(), hosts.size()});
    std::vector<Hop> hops(longest);
    const auto put = [&](const std::vector<std::string_view>& list, std::string Hop::* member) {
        for (std::size_t i = 0; i < list.size(); ++i)
            hops[longest - list.size() + i].*member = list[i];
    };
    put(clients, &Hop::client);
    put(schemes, &Hop::scheme);
    put(hosts, &Hop::authority);
    return hops;
}

std::vector<Hop> forwarded(const Headers& headers) {
    std::vector<Hop> hops;
    for (const auto element : list_of(headers, "Forwarded")) {
        Hop hop;
        for (const auto pair : split(element, ';')) {
            const auto equals = std::min(pair.find('='), pair.size());
            const auto name = pair.substr(0, equals);
            auto value = unquoted(pair.substr(std::min(equals + 1, pair.size())));
            if (same_name(name, "for"))
                hop.client = std::move(value);
            else if (same_name(name, "proto"))
                hop.scheme = std::move(value);
            else if (same_name(name, "host"))
                hop.authority = std::move(value);
        }
        hops.push_back(std::move(hop));
    }
    return hops;
}

// "192.0.2.7:4711" and "[2001:db8::1]:4711" without port and brackets; nothing for "unknown" and
// for names that hide who it is.
std::optional<std::string> address_of(std::string_view node) {
    if (node.starts_with('[')) {
        const auto end = node.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        return canonical_address(node.substr(1, end - 1));
    }
    if (std::ranges::count(node, ':') == 1) node = node.substr(0, node.find(':'));
    return canonical_address(node);
}

bool is_authority(std::string_view text) {
    return !text.empty() && text.size() <= 255 && is_host(text);
}

std::optional<std::string_view> scheme_of(std::string_view text) {
    for (const std::string_view known : {"http", "https"})
        if (same_name(text, known)) return known;
    return std::nullopt;
}

}  // namespace

Sender sender_of(const Headers& headers, std::string_view peer, const ProxyOptions& options,
                 std::string_view scheme) {
    Sender sender{std::string{peer}, std::string{headers.find("Host").value_or("localhost")},
                  options.public_address};
    if (options.trusted.contains(peer)) {
        auto hops = options.field == ProxyOptions::Field::forwarded ? forwarded(headers)
                                                                    : x_forwarded(headers);
        // From the nearest proxy outwards, as far as they are trusted: what stands before that was
        // written by somebody else.
        for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
            if (const auto told = scheme_of(hop->scheme)) scheme = *told;
            if (is_authority(hop->authority)) sender.authority = hop->authority;
            auto address = address_of(hop->client);
            if (!address) break;
            sender.address = *std::move(address);
            if (!options.trusted.contains(sender.address)) break;
        }
    }
    if (sender.base.empty()) sender.base = fmt::format("{}://{}", scheme, sender.authority);
    return sender;
}

}  // namespace yeyak::http
