// What the runtime does so that nothing personal is kept in plain text.
#include "privacy/erasure.h"
#include "server/config/places.h"
#include "server/runtime.h"

namespace yeyak::server {

StoreResult<void> Runtime::open_privacy() {
    auto vault = privacy::Vault::open(places_of_tokens(config_));
    if (!vault)
        return std::unexpected(
            StoreError{StoreError::Kind::refused_open, std::move(vault).error()});
    vault_ = std::make_unique<privacy::Vault>(*std::move(vault));
    auto keys = privacy::PersonKeys::open(places_of_keys(config_), *vault_, store().head() > 0);
    if (!keys) return std::unexpected(std::move(keys).error());
    person_keys_ = *std::move(keys);
    return privacy::complete_erasures(store(), *person_keys_);
}

}  // namespace yeyak::server
