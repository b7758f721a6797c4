// Where the commands that deal in proofs get them from: a data folder, which is only read, also
// beside a server that writes it, or a running server. One thread.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "audit/proofs/consistency.h"
#include "audit/proofs/receipt.h"
#include "replay-tools/exit_code.h"

namespace yeyak::tools {

// Why there is no answer, and what the command ends with.
struct NoProof {
    ExitCode code = ExitCode::cannot_read;
    std::string message;
};
template <class T>
using Proof = std::expected<T, NoProof>;

// The event of a position, or of a version of a stream.
struct WhichEvent {
    std::uint64_t position = 0;  // 0: stream and version count
    std::string stream;
    std::uint64_t version = 0;
};

class Proofs {
  public:
    virtual ~Proofs() = default;
    // JSON, as GET /audit/receipt answers it.
    virtual Proof<std::string> receipt(const WhichEvent& which) = 0;
    // The newest signed note.
    virtual Proof<std::string> checkpoint() = 0;
    virtual Proof<audit::ConsistencyProof> consistency(std::uint64_t from, std::uint64_t to) = 0;
};

Proof<std::unique_ptr<Proofs>> proofs_of_folder(const std::filesystem::path& data);
Proof<std::unique_ptr<Proofs>> proofs_of_server(const std::string& url);

// A verifier key as it is given on the command line: the key itself, or a file that holds it.
Proof<audit::VerifierKey> verifier_key(const std::string& given);
Proof<std::string> file_text(const std::filesystem::path& file);
// A file with a checkpoint that `key` signed.
Proof<audit::Checkpoint> checkpoint_file(const std::filesystem::path& file,
                                         const audit::VerifierKey& key);

}  // namespace yeyak::tools
