// What a server knows of tokens: the verifier with the keys of the configuration, which of the
// subjects' tokens were revoked, and the published half of the own key.
//
// Threads: authenticate() is a coroutine of the I/O context, and goes on on its own executor; the
// others may be called from any thread.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "auth/verifier.h"
#include "eventstore/event_store.h"
#include "kernel/edge/clock.h"
#include "server/auth/key_keeper.h"
#include "server/config/config.h"

namespace yeyak::server {

class Tokens {
  public:
    // Refused when tokens are asked for (auth.mode) and there is no key to verify them with:
    // neither that of the data folder nor a file that can be read. Else the log says so. An issuer
    // who does not answer yet is waited for a few seconds, and tried again while the server runs.
    // `clock` must outlive it.
    static eventstore::StoreResult<std::unique_ptr<Tokens>> open(const ServeConfig& config,
                                                                 const eventstore::EventStore& log,
                                                                 const Clock& clock);

    // Whom the token speaks for. When it may be of a key that is not known yet, newer keys are
    // asked for, at most once in 10 s, and all who meet that meanwhile wait for them.
    boost::asio::awaitable<auth::Verifier::Verified> authenticate(std::string token);

    // Once the event is durable, or may be: holds for the next request.
    void revoke(std::string_view subject, Instant issued_until) {
        revocations_.revoke(subject, issued_until);
    }

    // The JWK set with the own key; without a key when tokens are made elsewhere.
    const std::string& published_keys() const { return published_; }

  private:
    Tokens(const ServeConfig& config, const Clock& clock);
    eventstore::StoreResult<void> take_own_key(const ServeConfig& config);
    eventstore::StoreResult<void> take_keys_of_issuer(const ServeConfig& config);

    const Clock& clock_;
    auth::Revocations revocations_;
    auth::Verifier verifier_;
    std::string published_ = R"({"keys":[]})";
    std::unique_ptr<KeyKeeper> keeper_;  // null for the own key, which does not change
};

}  // namespace yeyak::server
