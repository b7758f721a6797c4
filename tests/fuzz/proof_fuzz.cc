// Whatever a stranger hands in as a receipt, a checkpoint, a proof, a key or the path of a tile: it
// is refused, or it is what its own writing says again.
#include <cstdint>
#include <string_view>

#include "audit/proofs/base64.h"
#include "audit/proofs/consistency.h"
#include "audit/proofs/receipt.h"
#include "audit/proofs/tiles.h"
#include "kernel/ensure.h"

using namespace yeyak;
using namespace yeyak::audit;

namespace {

const VerifierKey& some_key() {
    static const auto key =
        VerifierKey::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    return *key;
}

void check_receipt(std::string_view bytes) {
    const auto receipt = parse_receipt(bytes);
    if (!receipt) return;
    const auto json = to_json(*receipt);
    const auto again = parse_receipt(json);
    ensure(again && to_json(*again) == json, "a receipt survives its writing");
    ensure(!verify(*receipt, some_key()), "nobody has this key");
}

void check_note(std::string_view bytes) {
    const auto note = parse_note(bytes);
    if (!note) return;
    ensure(!note->signatures.empty() && note->text.ends_with('\n'), "a note is signed");
    if (const auto checkpoint = parse_checkpoint(note->text))
        ensure(checkpoint_text(*checkpoint) == note->text, "a checkpoint has one text");
    ensure(!open_note(bytes, some_key()), "nobody has this key");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    check_receipt(bytes);
    check_note(bytes);
    if (const auto proof = parse_consistency_proof(bytes))
        ensure(parse_consistency_proof(to_json(*proof)).has_value(),
               "a proof survives its writing");
    if (const auto tile = parse_tile_path(bytes))
        ensure(tile_path(*tile) == bytes, "a tile has one path");
    if (const auto decoded = from_base64(bytes))
        ensure(base64(*decoded) == bytes, "base64 has one text");
    (void)VerifierKey::parse(bytes);
    (void)SigningKey::from_pem("yeyak", bytes);
    return 0;
}
