#include "auth/memory.h"

#include <utility>

namespace yeyak::auth {

const Verifier::Memory::Token* Verifier::Memory::find(const std::string& digest) const {
    const auto found = by_digest_.find(digest);
    return found == by_digest_.end() ? nullptr : &*found->second;
}

void Verifier::Memory::add(Token token) {
    if (by_digest_.contains(token.digest)) return;
    if (tokens_.size() >= max_remembered) forget(std::string{tokens_.front().digest});
    tokens_.push_back(std::move(token));
    by_digest_.emplace(tokens_.back().digest, std::prev(tokens_.end()));
}

void Verifier::Memory::forget(const std::string& digest) {
    const auto found = by_digest_.find(digest);
    if (found == by_digest_.end()) return;
    const auto token = found->second;
    by_digest_.erase(found);
    tokens_.erase(token);
}

void Verifier::Memory::keep_only(const KeySet& keys) {
    for (auto token = tokens_.begin(); token != tokens_.end();) {
        const auto next = std::next(token);
        const auto* key = keys.find(token->key);
        if (!key || key->thumbprint() != token->thumbprint) {
            by_digest_.erase(token->digest);
            tokens_.erase(token);
        }
        token = next;
    }
}

}  // namespace yeyak::auth
