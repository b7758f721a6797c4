// Where the secrets of a data folder are, by its configuration.
#pragma once
#include "privacy/person_keys.h"
#include "server/config/config.h"

namespace yeyak::server {

inline std::filesystem::path places_of_tokens(const ServeConfig& config) {
    return config.payment.token_key_file.value_or(config.data / "card.key");
}

inline privacy::KeyPlaces places_of_keys(const ServeConfig& config) {
    return {config.privacy.keys_dir.value_or(config.data / "keys"),
            {config.privacy.master_key_file.value_or(config.data / "master.key"),
             config.privacy.master_key}};
}

}  // namespace yeyak::server
