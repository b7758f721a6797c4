// Verified tokens, by digest: at most so many, of which the one that came first is forgotten first.
// No lock.
#pragma once
#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "auth/claims.h"
#include "auth/key_set.h"
#include "auth/verifier.h"

namespace yeyak::auth {

class Verifier::Memory {
  public:
    struct Token {
        std::string digest;
        std::shared_ptr<const Claims> claims;
        std::string key;         // its id
        std::string thumbprint;  // and what it is
    };

    const Token* find(const std::string& digest) const;
    void add(Token token);
    void forget(const std::string& digest);
    // Forgets all tokens whose key is not in the set, or is another one there.
    void keep_only(const KeySet& keys);
    std::size_t size() const { return tokens_.size(); }

  private:
    std::list<Token> tokens_;  // in the order in which they came
    // The keys are texts of `tokens_`.
    std::unordered_map<std::string_view, std::list<Token>::iterator> by_digest_;
};

}  // namespace yeyak::auth
