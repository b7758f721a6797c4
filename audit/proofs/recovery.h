// Opens the tree of a data folder for the one who goes on with it, and holds the log against the
// last signed checkpoint.
//
//   DATA/audit.key           the signing key, PKCS#8 in PEM, mode 0600
//   DATA/audit/checkpoint    the newest signed checkpoint; replaced after the files were synced
//   DATA/audit/level-N       tree_files.h
//
// Only what the checkpoint covers is trusted; what lies beyond was perhaps never synced and is made
// again from the log. Files that do not lead to the checkpoint's root are built anew from the log.
// When the log itself does not lead there it was rolled back or altered: refused_open; log and
// checkpoint stay as they are.
#pragma once
#include "audit/proofs/checkpoint.h"
#include "audit/proofs/tree_files.h"

namespace yeyak::audit {

// Where the key of a folder is, unless the configuration says otherwise.
std::filesystem::path key_file_in(const std::filesystem::path& data);
std::filesystem::path tree_folder_in(const std::filesystem::path& data);
std::filesystem::path checkpoint_file_in(const std::filesystem::path& data);

// Reads the key, or makes it when there is none and no checkpoint was ever signed.
StoreResult<SigningKey> open_key(const std::filesystem::path& key_file, const std::string& origin,
                                 const std::filesystem::path& data);

// Nothing when none was written yet.
StoreResult<std::optional<SignedCheckpoint>> stored_checkpoint(const std::filesystem::path& data,
                                                               const VerifierKey& key);
StoreResult<void> store_checkpoint(const std::filesystem::path& data,
                                   const SignedCheckpoint& checkpoint);

struct OpenedTree {
    std::unique_ptr<TreeFiles> files;  // as large as the checkpoint; empty when there is none
    std::optional<SignedCheckpoint> checkpoint;
    bool rebuilt = false;
};
StoreResult<OpenedTree> open_tree(const std::filesystem::path& data, const VerifierKey& key,
                                  const eventstore::EventStore& log);

}  // namespace yeyak::audit
