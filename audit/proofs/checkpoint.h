// Checkpoints (https://c2sp.org/tlog-checkpoint): how large the log is and the root of its tree, as
// the text of a signed note:
//
//   yeyak                                           origin: the name of the log and of its key
//   1204                                            size: leaves, which is the last position
//   CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=    root, base64
//   ...                                             lines that extensions add
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "audit/proofs/note.h"

namespace yeyak::audit {

struct Checkpoint {
    std::string origin;
    TreeHead head;
    std::vector<std::string> extensions = {};  // whole lines, none of them empty
};

// A checkpoint with the note that it was read from or is published as.
struct SignedCheckpoint {
    Checkpoint checkpoint;
    std::string note;
};

std::string checkpoint_text(const Checkpoint& checkpoint);
// The one text that checkpoint_text() gives; numbers without leading zeros.
Result<Checkpoint> parse_checkpoint(std::string_view text);

// A note that `key` signed, and whose origin is the key's name.
Result<Checkpoint> open_checkpoint(std::string_view note, const VerifierKey& key);
SignedCheckpoint sign_checkpoint(const TreeHead& head, const SigningKey& key);

}  // namespace yeyak::audit
