// What one build of a view says, as one SHA-256: the same for everybody who folds the same log up
// to the same position with the same version of the projector, whatever batches it was folded in.
//
//   text "yeyak view digest 1", text view, varint projector version, varint position,
//   for each row, the listed ones first and then the cancelled ones, each in the order of their
//   keys: list (1 byte, 'a' or 'x'), text key, text of the row as stored (eventstore/FORMAT.md:
//   last version applied of each source, then the row's JSON),
//   'n', varint listed rows, varint cancelled rows.
//
// Index entries follow from the rows and are not in it. Rows hold personal fields sealed, so that
// an erasure changes no digest.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "eventstore/hash.h"
#include "projections/runner/view_store.h"

namespace yeyak::projections {

struct ViewDigest {
    std::string view;
    std::uint32_t projector_version = 0;
    Position position = 0;
    std::uint64_t listed = 0;     // rows
    std::uint64_t cancelled = 0;  // rows
    eventstore::Sha256 digest{};

    std::uint64_t rows() const { return listed + cancelled; }
    friend bool operator==(const ViewDigest&, const ViewDigest&) = default;
};

// Takes the rows one after the other, in the order told above. One thread.
class RowDigest {
  public:
    RowDigest(std::string view, std::uint32_t projector_version, Position position);

    // `stored` is the row's value in the view store.
    void add(List list, std::string_view key, std::string_view stored);
    // Ends it.
    ViewDigest finish();

  private:
    ViewDigest result_;
    eventstore::Sha256Stream hash_;
    std::string head_;  // of a row; kept for its memory
};

// The digest of a build as it stands now, at the checkpoint that is stored with its rows. Reads
// every row, from one moment of the store, whatever is written meanwhile; any thread.
StoreResult<ViewDigest> digest_of(const ViewStore& store, const Build& build,
                                  std::uint32_t projector_version);

}  // namespace yeyak::projections
