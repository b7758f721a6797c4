#include "replay-tools/audit/proofs.h"

#include <fmt/format.h>

#include "audit/proofs/recovery.h"
#include "kernel/percent.h"
#include "replay-tools/reading/raw_log.h"
#include "replay-tools/remote/server.h"

namespace yeyak::tools {
namespace {

constexpr std::size_t largest_file = 8 << 20;

std::unexpected<NoProof> none(ExitCode code, std::string message) {
    return std::unexpected(NoProof{code, std::move(message)});
}

std::unexpected<NoProof> none(const StoreError& error) {
    return none(exit_code_of(error), error.detail);
}

class FolderProofs final : public Proofs {
  public:
    FolderProofs(audit::SignedCheckpoint checkpoint, std::unique_ptr<audit::TreeFiles> files,
                 std::unique_ptr<RawLog> log)
        : checkpoint_(std::move(checkpoint)), files_(std::move(files)), log_(std::move(log)) {}

    Proof<std::string> receipt(const WhichEvent& which) override {
        auto position = which.position;
        if (position == 0) {
            const auto found = log_->position_of(which.stream, which.version);
            if (!found) return none(found.error());
            position = found->value_or(0);
        }
        if (position == 0 || position > log_->head())
            return none(ExitCode::cannot_read, "there is no such event");
        const auto covered = checkpoint_.checkpoint.head.size;
        if (position > covered)
            return none(ExitCode::cannot_read,
                        fmt::format("the newest checkpoint covers {} events; a server that is "
                                    "started on the folder signs one that covers event {}",
                                    covered, position));
        const auto record = log_->record(position);
        if (!record.event)
            return none(ExitCode::cannot_read, fmt::format("event {}: {}", position, record.error));
        const auto receipt = audit::make_receipt(*record.event, checkpoint_, files_->nodes());
        if (!receipt) return none(ExitCode::cannot_read, receipt.error());
        return audit::to_json(*receipt);
    }

    Proof<std::string> checkpoint() override { return checkpoint_.note; }

    Proof<audit::ConsistencyProof> consistency(std::uint64_t from, std::uint64_t to) override {
        if (const auto covered = checkpoint_.checkpoint.head.size; to > covered)
            return none(ExitCode::failed,
                        fmt::format("the folder has a tree of {} events only, the checkpoint is of "
                                    "{}: the folder is an older copy, or was rolled back",
                                    covered, to));
        auto proof = audit::prove_consistency(files_->nodes(), from, to);
        if (!proof) return none(ExitCode::cannot_read, proof.error());
        return audit::ConsistencyProof{from, to, *std::move(proof)};
    }

  private:
    audit::SignedCheckpoint checkpoint_;
    std::unique_ptr<audit::TreeFiles> files_;
    std::unique_ptr<RawLog> log_;
};

class ServerProofs final : public Proofs {
  public:
    explicit ServerProofs(remote::Address address) : server_(std::move(address)) {}

    Proof<std::string> receipt(const WhichEvent& which) override {
        if (which.position > 0)
            return get(fmt::format("/audit/receipt?position={}", which.position));
        return get(fmt::format("/audit/receipt?stream={}&version={}", percent_encode(which.stream),
                               which.version));
    }

    Proof<std::string> checkpoint() override { return get("/audit/checkpoint"); }

    Proof<audit::ConsistencyProof> consistency(std::uint64_t from, std::uint64_t to) override {
        const auto json = get(fmt::format("/audit/consistency?from={}&to={}", from, to));
        if (!json) return std::unexpected(json.error());
        auto proof = audit::parse_consistency_proof(*json);
        if (!proof) return none(ExitCode::failed, proof.error());
        return *std::move(proof);
    }

  private:
    Proof<std::string> get(std::string path) {
        auto answer = server_.get(std::move(path));
        if (answer) return std::move(answer->body);
        const auto code = answer.error().status == 0 ? ExitCode::no_server : ExitCode::failed;
        return none(code, answer.error().message);
    }

    remote::Server server_;
};

}  // namespace

Proof<std::unique_ptr<Proofs>> proofs_of_folder(const std::filesystem::path& data) {
    // The checkpoint before the log, so that the log reaches it also beside a writer.
    auto note = audit::read_file(audit::checkpoint_file_in(data));
    if (!note) return none(note.error());
    if (!*note)
        return none(ExitCode::cannot_read,
                    fmt::format("{} holds no checkpoint: no server signed one yet", data.string()));
    const auto parsed = audit::parse_note(**note);
    auto checkpoint = parsed ? audit::parse_checkpoint(parsed->text)
                             : audit::Result<audit::Checkpoint>{std::unexpected(parsed.error())};
    if (!checkpoint)
        return none(
            ExitCode::cannot_read,
            fmt::format("{}: {}", audit::checkpoint_file_in(data).string(), checkpoint.error()));
    auto files =
        audit::TreeFiles::open(audit::tree_folder_in(data), audit::TreeFiles::Access::read);
    if (!files) return none(files.error());
    auto log = RawLog::open(data);
    if (!log) return none(log.error());
    return std::make_unique<FolderProofs>(
        audit::SignedCheckpoint{*std::move(checkpoint), **std::move(note)}, *std::move(files),
        *std::move(log));
}

Proof<std::unique_ptr<Proofs>> proofs_of_server(const std::string& url) {
    auto address = remote::parse_address(url);
    if (!address) return none(ExitCode::usage, "--server " + address.error());
    return std::make_unique<ServerProofs>(*std::move(address));
}

Proof<std::string> file_text(const std::filesystem::path& file) {
    auto text = audit::read_file(file, largest_file);
    if (!text) return none(text.error());
    if (!*text)
        return none(ExitCode::cannot_read, fmt::format("there is no file {}", file.string()));
    return **std::move(text);
}

Proof<audit::VerifierKey> verifier_key(const std::string& given) {
    auto text = given;
    if (std::error_code error; std::filesystem::is_regular_file(given, error)) {
        auto read = file_text(given);
        if (!read) return std::unexpected(std::move(read).error());
        text = *std::move(read);
    }
    auto key = audit::VerifierKey::parse(text);
    if (!key) return none(ExitCode::usage, "--key: " + key.error());
    return *std::move(key);
}

Proof<audit::Checkpoint> checkpoint_file(const std::filesystem::path& file,
                                         const audit::VerifierKey& key) {
    const auto note = file_text(file);
    if (!note) return std::unexpected(note.error());
    auto checkpoint = audit::open_checkpoint(*note, key);
    if (!checkpoint)
        return none(ExitCode::failed, fmt::format("{}: {}", file.string(), checkpoint.error()));
    return *std::move(checkpoint);
}

}  // namespace yeyak::tools
