#include "api/access/refused_tokens.h"

#include <algorithm>

#include "api/routes/common.h"
#include "kernel/edge/log.h"

namespace yeyak::api {

namespace {

constexpr std::int64_t minute_ms = 60'000;

void add_once(std::vector<std::string>& names, std::string_view name) {
    if (std::ranges::find(names, name) == names.end()) names.emplace_back(name);
}

}  // namespace

std::optional<std::uint64_t> RefusedTokens::worth_telling(std::string network, std::string_view why,
                                                          Instant now) {
    if (now.ms / minute_ms != minute_) {
        minute_ = now.ms / minute_ms;
        told_.clear();
    }
    const bool full = told_.size() == most_of_a_minute;
    if (full || !told_.emplace(std::move(network), why).second) {
        ++untold_;
        return std::nullopt;
    }
    return std::exchange(untold_, 0);
}

std::optional<operations::TokensRefused> RefusedTokens::take() {
    if (fact_.count == 0) return std::nullopt;
    return std::exchange(fact_, {});
}

void RefusedTokens::note(const http::Request& request, auth::Fault why, Instant now) {
    const auto reason = auth::name_of(why);
    const auto network = network_of(request.peer);
    if (fact_.count++ == 0) fact_.from = now;
    fact_.until = now;
    add_once(fact_.reasons, reason);
    if (fact_.networks.size() < most_networks)
        add_once(fact_.networks, network);
    else if (std::ranges::find(fact_.networks, network) == fact_.networks.end())
        fact_.more_networks = true;
    const auto untold = worth_telling(network, reason, now);
    if (!untold) return;
    log::warning("token_refused", {{"reason", reason}, {"network", network}, {"untold", *untold}},
                 request.correlation_id);
}

}  // namespace yeyak::api
