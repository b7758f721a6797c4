#include "server/auth/discovery.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "kernel/edge/addresses.h"
#include "kernel/edge/hosts.h"
#include "kernel/json.h"

namespace yeyak::server {

std::string discovery_url(std::string_view issuer) {
    if (issuer.ends_with('/')) issuer.remove_suffix(1);
    return fmt::format("{}/.well-known/openid-configuration", issuer);
}

bool is_trustworthy(std::string_view address) {
    if (address.ends_with('/')) address.remove_suffix(1);
    if (!is_base_address(address)) return false;
    if (address.starts_with("https://")) return true;
    auto host = host_of(authority_of(address));
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    return host == "localhost" || is_loopback(host);
}

std::expected<std::string, std::string> keys_url(std::string_view document,
                                                 std::string_view issuer) {
    if (const auto checked = check_json(document, true); !checked)
        return std::unexpected(fmt::format("is no JSON object: {}", checked.error().detail));
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    std::string_view named;
    std::string_view keys;
    if (parser.parse(document.data(), document.size()).get(root) != simdjson::SUCCESS ||
        root["issuer"].get(named) != simdjson::SUCCESS ||
        root["jwks_uri"].get(keys) != simdjson::SUCCESS)
        return std::unexpected("does not say issuer and jwks_uri");
    if (named != issuer)
        return std::unexpected(
            fmt::format("is about the issuer {:?}, and not {:?}", named, issuer));
    const auto path = keys.substr(0, keys.find('?'));
    const bool local = issuer.starts_with("http://");
    if (!is_trustworthy(path) || (!local && !keys.starts_with("https://")))
        return std::unexpected(fmt::format("has its keys at {:?}, which is not https://", keys));
    return std::string{keys};
}

}  // namespace yeyak::server
