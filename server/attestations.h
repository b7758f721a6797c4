// Attested views: what a build of a view says at a position, as a signed note that anybody can hold
// against the fold of the log (yeyak audit view). A digest reads every row, so a thread of its own
// makes one at a time; whoever asks while one of the same view waits shares it, and one that was
// made for the same position is given again.
#pragma once
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "audit/proofs/note.h"
#include "server/attestation.h"

namespace yeyak::server {

// The text of the note, a line each: origin of the log and "/views", view, version of the
// projector, position, rows, digest in hexadecimal digits.
std::string attestation_text(const std::string& origin, const projections::ViewDigest& digest);

struct AttestedView {
    std::string origin;
    std::string view;
    std::uint32_t projector_version = 0;
    eventstore::Position position = 0;
    std::uint64_t rows = 0;
    eventstore::Sha256 digest{};
    friend bool operator==(const AttestedView&, const AttestedView&) = default;
};
// The one text that attestation_text() gives.
audit::Result<AttestedView> parse_attestation(std::string_view text);

class Attestations {
  public:
    // Both must outlive this.
    Attestations(const projections::ViewStore& views, const audit::SigningKey& key);
    ~Attestations();
    Attestations(const Attestations&) = delete;
    Attestations& operator=(const Attestations&) = delete;

    // Calls `told` with the attestation of the build as it stands now or later: at once, here, when
    // it is known, otherwise on the thread of this object, which it must not hold up. Not called
    // any more once this object ends. Any thread.
    using Told = std::function<void(const eventstore::StoreResult<AttestationPtr>&)>;
    void ask(const projections::Build& build, std::uint32_t projector_version, Told told);
    // The newest one of a view, if any was made.
    AttestationPtr last(std::string_view view) const;

  private:
    struct Waiting {
        projections::Build build;
        std::uint32_t projector_version = 0;
        std::vector<Told> told;
    };
    void run();
    AttestationPtr known(const projections::Build& build, std::uint32_t projector_version) const;
    eventstore::StoreResult<AttestationPtr> make(const Waiting& asked) const;

    const projections::ViewStore& views_;
    const audit::SigningKey& key_;
    mutable std::mutex mutex_;
    std::condition_variable news_;
    std::map<std::string, Waiting> waiting_;  // by view
    std::map<std::string, AttestationPtr, std::less<>> last_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace yeyak::server
