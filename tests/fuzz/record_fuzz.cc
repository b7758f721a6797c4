// Whatever bytes stand where a record, a posting block or a pending entry should: they are refused,
// or what was decoded is encoded to the same bytes.
#include <cstdint>
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

void check(Position position, std::string_view bytes) {
    const auto decoded = decode_record(position, bytes);
    if (!decoded) return;
    auto copy = *decoded;
    const auto encoded = encode_record(copy);
    if (leaf_matches(position, bytes) && copy.leaf == decoded->leaf)
        ensure(decode_record(position, encoded).has_value(), "a record survives its encoding");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    check(7, bytes);
    // Most inputs fail the checksum; with a right one the decoder itself is reached.
    std::string sealed{bytes};
    put_u64_be(sealed, xxh3(sealed, 7));
    check(7, sealed);
    (void)decode_posting_block(std::string(2, 'c') + std::string(8, '\0'), bytes);
    (void)from_json<PendingEffect>(bytes);
    (void)from_json<PendingTimer>(bytes);
    (void)from_json<PendingMessage>(bytes);
    return 0;
}
