// What a backup says of itself: a signed note (audit/proofs/note.h) of a few lines, and the list of
// all its files, whose hash stands in the note. eventstore/FORMAT.md, "Backups", shows both.
//
// Pure text; no files. What is parsed comes from somebody else and may be anything.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/proofs/note.h"
#include "eventstore/event.h"
#include "eventstore/hash.h"
#include "kernel/time.h"

namespace yeyak::backup {

struct BackupManifest {
    std::string log;  // the name of the log, which is that of its key
    std::uint64_t number = 0;
    Instant taken;
    eventstore::Position position = 0;  // of the last event in it
    audit::Hash root{};                 // of the Merkle tree over the events up to there
    std::uint64_t log_id = 0;           // of RocksDB's backup in `log`
    std::uint64_t views_id = 0;         // in `views`; 0 when no view was ever built
    std::optional<eventstore::Sha256>
        previous;               // of the note of the backup before; none: the first
    eventstore::Sha256 list{};  // of the list of files
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    friend bool operator==(const BackupManifest&, const BackupManifest&) = default;
};

std::string to_text(const BackupManifest& manifest);
// The one text that to_text() gives.
audit::Result<BackupManifest> parse_backup_manifest(std::string_view text);

// A file of the backup folder.
struct BackupObject {
    eventstore::Sha256 digest{};
    std::uint64_t bytes = 0;
    std::string path;  // relative, with '/'
    friend bool operator==(const BackupObject&, const BackupObject&) = default;
};

// A file of the data folder that is no database: its bytes are those of the objects files/HEX, one
// after the other.
struct BackedUpFile {
    std::string path;
    std::vector<eventstore::Sha256> parts;
    friend bool operator==(const BackedUpFile&, const BackedUpFile&) = default;
};

struct BackupList {
    std::vector<BackupObject> objects;
    std::vector<BackedUpFile> files;
    friend bool operator==(const BackupList&, const BackupList&) = default;
};

std::string to_text(const BackupList& list);
audit::Result<BackupList> parse_backup_list(std::string_view text);

// "files/" and the hash.
std::string object_path(const eventstore::Sha256& digest);

}  // namespace yeyak::backup
