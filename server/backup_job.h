// A backup that the server takes of itself, and why one is refused; see server/backups.h.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "audit/backup/take.h"
#include "kernel/message.h"

namespace yeyak::server {

struct BackupJob {
    enum class State { running, done, failed };
    std::uint64_t id = 0;  // 1, 2, … since the server began
    State state = State::running;
    std::filesystem::path to;
    std::filesystem::path keys_to;  // empty: keys were not copied
    Cause cause;
    Instant began;
    std::optional<Instant> ended;
    std::uint64_t bytes_copied = 0;
    backup::TakenBackup taken;  // when it is done
    std::string error;          // when it failed
};

struct BackupRefused {
    int status = 0;
    std::string code;
    std::string detail;
    std::string field;
};

}  // namespace yeyak::server
