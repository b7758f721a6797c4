// Whatever bytes stand where a record, an entry, a posting block or a pending entry should: they
// are refused, or what was decoded is encoded to the same bytes. Pending entries are JSON, which
// has many forms: what was decoded survives its own encoding.
#include <cstdint>
#include <string>
#include <string_view>

#include "aggregates/engine/pending.h"
#include "eventstore/bytes.h"
#include "eventstore/hash.h"
#include "eventstore/postings.h"
#include "eventstore/record.h"
#include "kernel/ensure.h"
#include "kernel/json.h"

using namespace yeyak;
using namespace yeyak::eventstore;

namespace {

constexpr Position position = 7;

void check_record(std::string_view bytes) {
    auto decoded = decode_record(position, bytes);
    // With a leaf hash that is wrong the right one is written.
    if (!decoded || !leaf_matches(position, bytes)) return;
    const auto leaf = decoded->leaf;
    ensure(encode_record(*decoded) == bytes,
           "a record is encoded to the bytes it was decoded from");
    ensure(decoded->leaf == leaf, "a record keeps its leaf hash");
}

void check_entry(std::string_view bytes) {
    if (const auto decoded = decode_entry(bytes))
        ensure(encode_entry(*decoded) == bytes,
               "an entry is encoded to the bytes it was decoded from");
}

void check_block(std::string_view bytes) {
    const auto key = posting_prefix(PostingKind::category, "c") + std::string(8, '\0');
    const auto block = decode_posting_block(key, bytes);
    if (!block) return;
    std::string encoded;
    put_varint(encoded, block->size());
    for (std::size_t i = 1; i < block->size(); ++i)
        put_varint(encoded, (*block)[i] - (*block)[i - 1]);
    ensure(encoded == bytes, "a block is encoded to the bytes it was decoded from");
}

template <class Pending>
void check_pending(std::string_view bytes) {
    const auto decoded = from_json<Pending>(bytes);
    if (!decoded) return;
    const auto encoded = to_json(*decoded);
    const auto again = from_json<Pending>(encoded);
    ensure(again && to_json(*again) == encoded, "a pending entry survives its encoding");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    check_record(bytes);
    // Most inputs fail the leaf hash or the checksum; with the right ones the decoder is reached.
    std::string entry;
    put_u64_be(entry, position);
    entry += bytes;
    check_entry(entry);
    const auto leaf = leaf_of_entry(entry);
    std::string sealed{bytes};
    sealed.append(reinterpret_cast<const char*>(leaf.data()), leaf.size());
    put_u64_be(sealed, xxh3(sealed, position));
    check_record(sealed);
    check_block(bytes);
    check_pending<PendingEffect>(bytes);
    check_pending<PendingTimer>(bytes);
    check_pending<PendingMessage>(bytes);
    return 0;
}
