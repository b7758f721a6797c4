#include "server/config/contradictions.h"

#include <fmt/format.h>

#include "kernel/edge/addresses.h"
#include "server/auth/discovery.h"

namespace yeyak::server {
namespace {

void judge_open(const ServeConfig& config, std::vector<std::string>& wrong) {
    if (!is_loopback(config.listen))
        wrong.push_back(fmt::format(
            "listen = {:?}: must be a loopback address while auth.mode is open, because there is "
            "no login and everybody who reaches the port may do everything: set auth.mode to jwt, "
            "or set 127.0.0.1 or ::1, and let a proxy on this machine listen on the other address "
            "and ask who comes",
            config.listen));
    // Who sets these believes that tokens are asked for.
    const auto pointless = [&](std::string_view key) {
        wrong.push_back(
            fmt::format("{}: means nothing while auth.mode is open: set auth.mode to jwt", key));
    };
    if (config.auth.issuer) pointless("auth.issuer");
    if (config.auth.jwks) pointless("auth.jwks");
}

void judge_jwt(const AuthConfig& auth, std::vector<std::string>& wrong) {
    if (auth.jwks && !auth.issuer)
        wrong.push_back(
            "auth.jwks: needs auth.issuer, as a token must say who made it, and the keys in the "
            "file are his");
    if (auth.issuer && !auth.jwks && !is_trustworthy(*auth.issuer))
        wrong.push_back(fmt::format(
            "auth.issuer = {:?}: must be https:// and a host, perhaps with a path, as he is "
            "asked for his keys there (http:// for one on this machine "
            "alone); or set auth.jwks to a file with them",
            *auth.issuer));
}

}  // namespace

std::vector<std::string> contradictions(const ServeConfig& config) {
    std::vector<std::string> wrong;
    if (config.auth.asks())
        judge_jwt(config.auth, wrong);
    else
        judge_open(config, wrong);
    return wrong;
}

}  // namespace yeyak::server
