#include "auth/verifier.h"

#include <array>
#include <optional>
#include <utility>

#include "auth/base64url.h"
#include "auth/digest.h"
#include "auth/head.h"
#include "auth/memory.h"
#include "auth/read_claims.h"

namespace yeyak::auth {
namespace {

struct Parts {
    std::string_view head;
    std::string_view claims;
    std::string_view signature;
    std::string_view signed_text;  // head and claims, with the dot between them
};

// Three parts and two dots; a part may be empty, and is no token then for what reads it.
std::optional<Parts> parts_of(std::string_view token) {
    const auto first = token.find('.');
    if (first == token.npos) return std::nullopt;
    const auto second = token.find('.', first + 1);
    if (second == token.npos || token.find('.', second + 1) != token.npos) return std::nullopt;
    return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
                 token.substr(second + 1), token.substr(0, second)};
}

// A token that names no key can mean the only one.
std::expected<const PublicKey*, Fault> key_for(const Head& head, const KeySet& keys) {
    if (head.key) {
        const auto* key = keys.find(*head.key);
        if (!key) return std::unexpected(Fault::unknown_key);
        return key;
    }
    if (keys.keys().size() != 1) return std::unexpected(Fault::no_key_named);
    return &keys.keys().front();
}

bool names_a_key(std::string_view token) {
    const auto parts = parts_of(token);
    const auto json = parts ? from_base64url(parts->head) : std::nullopt;
    if (!json) return false;
    const auto head = read_head(*json);
    return head && head->key;
}

}  // namespace

Verifier::Verifier(Expected expected, KeySet keys, const Revocations& revocations)
    : expected_(std::move(expected)),
      revocations_(revocations),
      keys_(std::make_shared<const KeySet>(std::move(keys))),
      memory_(std::make_unique<Memory>()) {}

Verifier::~Verifier() = default;

Verifier::Verified Verifier::verify(std::string_view token, Instant now) {
    if (token.size() > max_token_bytes) return std::unexpected(Fault::too_long);
    const auto digest = sha256(token);
    auto claims = recall(digest, now);
    if (!claims) {
        auto judged = judge(token, digest, now);
        if (!judged) return judged;
        claims = *std::move(judged);
    }
    if (revocations_.revoked(*claims)) return std::unexpected(Fault::revoked);
    return claims;
}

bool Verifier::may_be_of_a_newer_key(std::string_view token, Fault fault) {
    if (fault == Fault::unknown_key || fault == Fault::no_key_named) return true;
    const bool of_another = fault == Fault::wrong_algorithm || fault == Fault::bad_signature;
    return of_another && !names_a_key(token);
}

// Nothing for a token that is over: judge() says why.
std::shared_ptr<const Claims> Verifier::recall(const std::string& digest, Instant now) {
    const std::lock_guard lock{mutex_};
    const auto* token = memory_->find(digest);
    if (!token) return nullptr;
    if (!is_expired(*token->claims, now)) return token->claims;
    memory_->forget(digest);
    return nullptr;
}

Verifier::Verified Verifier::judge(std::string_view token, const std::string& digest, Instant now) {
    const auto parts = parts_of(token);
    if (!parts) return std::unexpected(Fault::not_a_token);
    const auto json = from_base64url(parts->head);
    const auto signature = from_base64url(parts->signature);
    if (!json || !signature) return std::unexpected(Fault::not_a_token);
    const auto head = read_head(*json);
    if (!head) return std::unexpected(head.error());
    const auto set = keys();
    const auto key = key_for(*head, *set);
    if (!key) return std::unexpected(key.error());
    if (head->algorithm != name_of((*key)->algorithm()))
        return std::unexpected(Fault::wrong_algorithm);
    if (!(*key)->verifies(parts->signed_text, *signature))
        return std::unexpected(Fault::bad_signature);
    const auto payload = from_base64url(parts->claims);
    if (!payload) return std::unexpected(Fault::not_a_token);
    auto read = read_claims(*payload, expected_, now);
    if (!read) return std::unexpected(read.error());
    auto claims = std::make_shared<const Claims>(*std::move(read));
    const std::lock_guard lock{mutex_};
    // Of a set that was replaced meanwhile nothing is remembered.
    if (keys_ == set) memory_->add({digest, claims, (*key)->id(), (*key)->thumbprint()});
    return claims;
}

std::shared_ptr<const KeySet> Verifier::keys() const {
    const std::lock_guard lock{mutex_};
    return keys_;
}

void Verifier::set_keys(KeySet keys) {
    auto set = std::make_shared<const KeySet>(std::move(keys));
    const std::lock_guard lock{mutex_};
    keys_ = std::move(set);
    memory_->keep_only(*keys_);
}

std::size_t Verifier::remembered() const {
    const std::lock_guard lock{mutex_};
    return memory_->size();
}

}  // namespace yeyak::auth
