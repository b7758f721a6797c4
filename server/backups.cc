#include "server/backups.h"

#include <fmt/format.h>

#include <algorithm>

#include "kernel/edge/log.h"

namespace yeyak::server {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t most_remembered = 100;

}  // namespace

Backups::Backups(BackupsOptions options, rocksdb::DB& log, rocksdb::DB& views,
                 backup::BackupSeal seal, const Clock& clock)
    : options_(std::move(options)),
      log_(log),
      views_(views),
      seal_(std::move(seal)),
      clock_(clock) {}

Backups::~Backups() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
}

Backups::Place Backups::place_of(const std::string& path, const std::string& field) const {
    const auto outside = [&] {
        return std::unexpected(
            BackupRefused{422, "outside_backup_dir",
                          fmt::format("{} must name a folder below {} (backup.dir)", field,
                                      options_.allowed->string()),
                          field});
    };
    if (path.empty() || path.find('\0') != path.npos) return outside();
    std::error_code failed;
    fs::create_directories(*options_.allowed, failed);
    const auto root = fs::canonical(*options_.allowed, failed);
    if (failed)
        return std::unexpected(
            BackupRefused{500,
                          "backup_dir_unusable",
                          fmt::format("backup.dir {} cannot be used: {}",
                                      options_.allowed->string(), failed.message()),
                          {}});
    // With every link resolved: what lies outside cannot be reached through one.
    const auto place = fs::weakly_canonical(root / path, failed);
    const auto relative = place.lexically_relative(root);
    if (failed || relative.empty() || relative == "." || *relative.begin() == "..")
        return outside();
    return place;
}

std::expected<BackupJob, BackupRefused> Backups::plan(const std::string& to,
                                                      const std::string& keys_to) const {
    if (!options_.allowed)
        return std::unexpected(
            BackupRefused{403,
                          "backups_not_allowed",
                          "this server takes no backups: set backup.dir to the folder below which "
                          "it may write them",
                          {}});
    BackupJob job;
    const auto place = place_of(to, "to");
    if (!place) return std::unexpected(place.error());
    job.to = *place;
    if (keys_to.empty()) return job;
    const auto keys = place_of(keys_to, "keysTo");
    if (!keys) return std::unexpected(keys.error());
    job.keys_to = *keys;
    if (const auto apart = backup::expect_apart("a copy of keys", job.keys_to, job.to); !apart)
        return std::unexpected(
            BackupRefused{422, "keys_beside_backups", apart.error().detail, "keysTo"});
    return job;
}

std::expected<BackupJob, BackupRefused> Backups::begin(const std::string& to,
                                                       const std::string& keys_to, Cause cause) {
    auto job = plan(to, keys_to);
    if (!job) return job;
    const std::lock_guard lock{mutex_};
    if (!jobs_.empty() && jobs_.back().state == BackupJob::State::running)
        return std::unexpected(BackupRefused{
            409,
            "backup_running",
            fmt::format("backup {} is being taken; one at a time: GET /audit/backups/{}",
                        jobs_.back().id, jobs_.back().id),
            {}});
    if (thread_.joinable()) thread_.join();  // it has ended
    job->id = ++last_id_;
    job->cause = std::move(cause);
    job->began = clock_.now();
    if (jobs_.size() == most_remembered) jobs_.erase(jobs_.begin());
    jobs_.push_back(*job);
    thread_ = std::thread{[this, started = *job] { run(started); }};
    return job;
}

void Backups::update(const BackupJob& job) {
    const std::lock_guard lock{mutex_};
    const auto found = std::ranges::find(jobs_, job.id, &BackupJob::id);
    if (found != jobs_.end()) *found = job;
}

StoreResult<backup::TakenBackup> Backups::take(const BackupJob& job) {
    backup::BackupTask task{.data = options_.data, .log = log_, .to = job.to, .now = job.began};
    task.views = &views_;
    task.bytes_per_second = options_.bytes_per_second;
    task.in_background = true;
    task.copied = [&](std::uint64_t bytes) {
        const std::lock_guard lock{mutex_};
        jobs_.back().bytes_copied += bytes;
        return !stopping_.load();
    };
    if (!job.keys_to.empty())
        if (auto copied = backup::copy_keys(options_.keys, job.keys_to); !copied)
            return std::unexpected(copied.error());
    return backup::take_backup(task, seal_);
}

void Backups::run(BackupJob job) {
    auto taken = take(job);
    job.ended = clock_.now();
    if (taken) {
        job.state = BackupJob::State::done;
        job.taken = *std::move(taken);
        job.bytes_copied = job.taken.new_bytes;
        const auto& made = job.taken.manifest;
        log::info("backup_taken", {{"to", job.to.string()},
                                   {"number", made.number},
                                   {"position", made.position},
                                   {"new_bytes", job.taken.new_bytes}});
    } else {
        job.state = BackupJob::State::failed;
        job.error = taken.error().detail;
        log::error("backup_failed", {{"to", job.to.string()}, {"detail", job.error}});
    }
    if (job.state == BackupJob::State::done && options_.done) options_.done(job);
    update(job);
}

std::vector<BackupJob> Backups::jobs() const {
    const std::lock_guard lock{mutex_};
    return jobs_;
}

std::optional<BackupJob> Backups::job(std::uint64_t id) const {
    const std::lock_guard lock{mutex_};
    const auto found = std::ranges::find(jobs_, id, &BackupJob::id);
    if (found == jobs_.end()) return std::nullopt;
    return *found;
}

}  // namespace yeyak::server
