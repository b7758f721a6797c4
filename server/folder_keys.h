// The secret keys of a data folder, held against the log that was written with them. Which keys
// those are is recorded beside the events (FORMAT.md, table of settings) at the first start, so
// that a key which is lost, or another one in its place, is never taken: tokens would match nothing
// that was recorded, erasures would find nobody, checkpoints would be signed by a stranger.
//
// A log of an earlier version has no record. Its keys are taken when the log itself proves the key
// of tokens; otherwise an operator decides (`yeyak audit accept-keys`).
//
// Before anything is served, or at rest: the functions that write need the log for themselves.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "aggregates/engine/people.h"
#include "audit/proofs/recovery.h"
#include "privacy/person_keys.h"
#include "privacy/vault.h"
#include "server/config/config.h"

namespace yeyak::server {

using eventstore::StoreError;
using eventstore::StoreResult;

// Tell which keys they are and nothing about them, in hexadecimal digits; empty: not known.
struct KeyIds {
    std::string tokens;   // card.key
    std::string signing;  // audit.key
    std::string persons;  // the folder keys; which master key wraps it is recorded there
    friend bool operator==(const KeyIds&, const KeyIds&) = default;
};

StoreResult<KeyIds> recorded_keys(const eventstore::EventStore& log);
// Durable when it answers.
StoreResult<void> record_keys(eventstore::EventStore& log, Instant now, const KeyIds& keys);

// Whether some personal field in the log was sealed under a name that only this key of tokens
// gives.
StoreResult<bool> proves(const eventstore::EventStore& log, const privacy::Vault& vault,
                         People people);

// What is missing of the keys of a folder that was used: each with its place.
std::vector<std::string> missing_keys(const ServeConfig& config);

// The key that signs for the log; made when the log knows none and none was used.
StoreResult<audit::SigningKey> open_signing_key(const eventstore::EventStore& log,
                                                const std::filesystem::path& file,
                                                const std::string& origin,
                                                const std::filesystem::path& data);

// What a person's fields are sealed and found with.
struct PrivacyKeys {
    std::unique_ptr<privacy::Vault> vault;
    std::unique_ptr<privacy::PersonKeys> persons;
};
// Refused when one is not that of the log.
StoreResult<PrivacyKeys> open_privacy_keys(const eventstore::EventStore& log,
                                           const ServeConfig& config, bool write);

struct FolderKeys : PrivacyKeys {
    audit::SigningKey signing;
};
// All keys. They are made and recorded when the log has no event and no record; refused when one is
// missing or is not that of the log, with all that is wrong.
StoreResult<FolderKeys> open_folder_keys(eventstore::EventStore& log, const ServeConfig& config,
                                         People people, Instant now);
// Makes what is missing and tells which keys there are then; record_keys() makes them those of the
// log.
StoreResult<KeyIds> make_missing_keys(const ServeConfig& config);

}  // namespace yeyak::server
