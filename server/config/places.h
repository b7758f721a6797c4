// Where the secrets of a data folder are, by its configuration.
#pragma once
#include <vector>

#include "auth/issuer.h"
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

// Where what must stay with one account lies, there or not: data with the key of tokens, which has
// more to hide than the folder that a group may be meant to read; backups, keys kept elsewhere.
inline std::vector<std::filesystem::path> private_places(const ServeConfig& config) {
    std::vector<std::filesystem::path> places{config.data, auth::own_key_file_in(config.data)};
    for (const auto& place :
         {config.backup.dir, config.privacy.keys_dir, config.privacy.master_key_file,
          config.payment.token_key_file, config.audit.key_file,
          config.notification.webhook_secret_file, config.tls.key})
        if (place) places.push_back(*place);
    return places;
}

}  // namespace yeyak::server
