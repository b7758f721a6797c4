// Receipts: one event with everything that proves that the log holds it, as one JSON object that
// can be kept by whoever it concerns and checked without the log:
//
//   {"format":"yeyak receipt 1",
//    "event":{"position":7,"stream":…,"version":…,"type":…,"time":…,"eventId":…,"correlationId":…,
//             "causationId":…,"actor":…,"tags":[…],"data":{…}},      the entry, for people; with
//                      "attributes":{…} and "dataForm" when a foreign writer gave such
//    "entry":"…",             base64 of what the leaf hash covers (eventstore/record.h)
//    "leafIndex":6,           the position less one
//    "leafHash":"…",          base64
//    "treeSize":1204,
//    "inclusionProof":["…"],  base64, in the order of RFC 9162
//    "checkpoint":"…"}        the signed note, word for word
#pragma once
#include "audit/proofs/checkpoint.h"
#include "eventstore/event.h"

namespace yeyak::audit {

struct Receipt {
    std::string event;  // JSON
    std::string entry;
    std::uint64_t leaf_index = 0;
    Hash leaf_hash{};
    std::uint64_t tree_size = 0;
    std::vector<Hash> proof;
    std::string checkpoint;
};

// An event as people read it in a receipt: all that its record holds, nothing else.
std::string event_json(const eventstore::RecordedEvent& event);

// Nothing is given out that would not verify: the error says which stored hash is wrong.
Result<Receipt> make_receipt(const eventstore::RecordedEvent& event,
                             const SignedCheckpoint& checkpoint, const Nodes& nodes);

std::string to_json(const Receipt& receipt);
// Every field once and no other; white space is free.
Result<Receipt> parse_receipt(std::string_view json);

struct Proven {
    eventstore::RecordedEvent event;
    Checkpoint checkpoint;
};
// Checks everything from the bytes of the entry up: leaf hash, index, inclusion proof, signature,
// and that the readable event says what the bytes say.
Result<Proven> verify(const Receipt& receipt, const VerifierKey& key);

}  // namespace yeyak::audit
