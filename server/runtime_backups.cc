// Where backups and attestations get what they need of the rest: databases, key, tree, journal.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <future>

#include "kernel/edge/log.h"
#include "server/config/places.h"
#include "server/runtime.h"

namespace yeyak::server {
namespace {

constexpr std::chrono::minutes ledger_limit{5};

boost::asio::awaitable<void> record_backup(Commands& commands, BackupJob job) {
    operations::BackupTaken fact;
    fact.number = static_cast<std::int64_t>(job.taken.manifest.number);
    fact.position = static_cast<std::int64_t>(job.taken.manifest.position);
    fact.root = eventstore::to_hex(job.taken.manifest.root);
    const auto recorded = co_await commands.record(job.cause, fact);
    if (!recorded) log::warning("backup_not_recorded", {{"detail", recorded.error().detail}});
}

}  // namespace

// On the thread of a backup.
StoreResult<audit::Hash> Runtime::root_at(Position position) {
    const auto covered = std::make_shared<std::promise<void>>();
    auto ready = covered->get_future();
    ledger_->wait_for(position, [covered] { covered->set_value(); });
    if (ready.wait_for(ledger_limit) != std::future_status::ready || ledger_->covered() < position)
        return std::unexpected(StoreError{StoreError::Kind::io,
                                          "the Merkle tree does not reach the end of the log; "
                                          "see the server's log for what stopped it"});
    const auto root = audit::root_of(ledger_->files().nodes(), position);
    if (!root) return std::unexpected(StoreError{StoreError::Kind::io, root.error()});
    return *root;
}

void Runtime::open_backups() {
    attestations_ = std::make_unique<Attestations>(*views_, ledger_->signer());
    BackupsOptions options;
    options.data = config_.data;
    options.allowed = config_.backup.dir;
    options.bytes_per_second = static_cast<std::uint64_t>(config_.backup.max_bytes_per_s);
    options.keys.files = {
        {"card.key", places_of_tokens(config_)},
        {"audit.key", config_.audit.key_file.value_or(audit::key_file_in(config_.data))},
        {"master.key", places_of_keys(config_).master.file}};
    options.keys.persons = [this](const std::filesystem::path& folder) {
        return person_keys_->copy_to(folder);
    };
    options.done = [this](const BackupJob& job) {
        boost::asio::co_spawn(io_, record_backup(*commands_, job), boost::asio::detached);
    };
    backup::BackupSeal seal{ledger_->signer(), [this](Position size) { return root_at(size); }};
    backups_ = std::make_unique<Backups>(std::move(options), *log_.database, views_->database(),
                                         std::move(seal), clock_);
}

}  // namespace yeyak::server
