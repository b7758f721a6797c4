#include "server/auth/tokens.h"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "auth/issuer.h"
#include "kernel/edge/log.h"
#include "kernel/ensure.h"
#include "server/auth/revoked_tokens.h"

namespace yeyak::server {

using eventstore::StoreError;
using eventstore::StoreResult;

namespace {

namespace asio = boost::asio;

std::unexpected<StoreError> refused(std::string detail) {
    return std::unexpected(StoreError{StoreError::Kind::refused_open, std::move(detail)});
}

// A server that asks nobody for tokens starts without what it needs for them, and says so.
bool goes_on(const StoreResult<void>& result, bool asks) {
    if (!result && !asks) log::warning("tokens_not_ready", {{"detail", result.error().detail}});
    return result || !asks;
}

// Until the keeper has done what it was asked for.
asio::awaitable<void> newer_keys(KeyKeeper& keeper) {
    const auto executor = co_await asio::this_coro::executor;
    using Timer = asio::steady_timer;
    const auto done = std::make_shared<Timer>(executor, Timer::time_point::max());
    // Over as soon as it is waited for, or now.
    const auto ring = [executor, done] {
        asio::post(executor, [done] { done->expires_at(Timer::time_point::min()); });
    };
    if (keeper.refresh(ring))
        static_cast<void>(co_await done->async_wait(asio::as_tuple(asio::use_awaitable)));
}

}  // namespace

Tokens::Tokens(const ServeConfig& config, const Clock& clock)
    : clock_(clock),
      revocations_(config.auth.issuer ? auth::leeway_ms : 0),
      verifier_({config.auth.issuer.value_or(std::string{auth::own_issuer}), config.auth.audience},
                {}, revocations_) {}

StoreResult<std::unique_ptr<Tokens>> Tokens::open(const ServeConfig& config,
                                                  const eventstore::EventStore& log,
                                                  const Clock& clock) {
    std::unique_ptr<Tokens> tokens{new Tokens{config, clock}};
    const bool asks = config.auth.asks();
    if (auto read = read_revocations(log, tokens->revocations_); !goes_on(read, asks))
        return std::unexpected(std::move(read).error());
    auto taken =
        config.auth.issuer ? tokens->take_keys_of_issuer(config) : tokens->take_own_key(config);
    if (!goes_on(taken, asks)) return std::unexpected(std::move(taken).error());
    return tokens;
}

StoreResult<void> Tokens::take_own_key(const ServeConfig& config) {
    const auto issuer = auth::Issuer::open(auth::own_key_file_in(config.data));
    if (!issuer) return refused(issuer.error());
    if (*issuer) {
        published_ = (*issuer)->key_set();
        auto keys = auth::KeySet::parse(published_);
        ensure(keys.has_value(), "what is published can be read");
        verifier_.set_keys(*std::move(keys));
        return {};
    }
    if (!config.auth.asks()) return {};
    return refused(fmt::format(
        "auth.mode is jwt, and there is no key that tokens could be verified with: make one with "
        "`yeyak auth init --data {}`, or set auth.issuer to who makes your tokens",
        config.data.string()));
}

StoreResult<void> Tokens::take_keys_of_issuer(const ServeConfig& config) {
    auto source =
        config.auth.jwks ? keys_in_file(*config.auth.jwks) : keys_of_issuer(*config.auth.issuer);
    keeper_ = std::make_unique<KeyKeeper>(std::move(source), verifier_, clock_);
    if (const auto fetched = keeper_->fetch_first(); !fetched) {
        if (config.auth.jwks) return refused("auth.jwks: " + fetched.error());
        log::warning("token_keys_not_read", {{"detail", fetched.error()}});
    }
    keeper_->start();
    return {};
}

asio::awaitable<auth::Verifier::Verified> Tokens::authenticate(std::string token) {
    auto verified = verifier_.verify(token, clock_.now());
    if (verified || !keeper_ || !auth::Verifier::may_be_of_a_newer_key(token, verified.error()))
        co_return verified;
    co_await newer_keys(*keeper_);
    co_return verifier_.verify(token, clock_.now());
}

}  // namespace yeyak::server
