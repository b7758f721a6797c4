#include "eventstore/postings.h"

#include "eventstore/bytes.h"
#include "eventstore/rocks_error.h"

namespace yeyak::eventstore {

std::string posting_prefix(PostingKind kind, std::string_view value) {
    std::string prefix(1, static_cast<char>(kind));
    prefix += value;
    prefix += '\0';
    return prefix;
}

std::map<std::string, std::string> posting_blocks(const Batch& batch) {
    std::map<std::string, std::vector<Position>, std::less<>> positions;
    std::string prefix;
    const auto add = [&](PostingKind kind, std::string_view value, Position position) {
        prefix.assign(1, static_cast<char>(kind)).append(value) += '\0';
        auto found = positions.find(prefix);
        if (found == positions.end()) found = positions.try_emplace(prefix).first;
        auto& block = found->second;
        if (block.empty() || block.back() != position) block.push_back(position);
    };
    for (const auto& [event, record] : batch.events) {
        add(PostingKind::category, category_of(event->stream), event->position);
        add(PostingKind::type, event->data.type, event->position);
        for (const auto& tag : event->data.tags) add(PostingKind::tag, tag, event->position);
    }
    std::map<std::string, std::string> blocks;
    for (const auto& [value_prefix, block] : positions) {
        std::string key = value_prefix;
        put_u64_be(key, block.front());
        std::string& value = blocks[std::move(key)];
        put_varint(value, block.size());
        for (std::size_t i = 1; i < block.size(); ++i) put_varint(value, block[i] - block[i - 1]);
    }
    return blocks;
}

std::optional<std::vector<Position>> decode_posting_block(std::string_view key,
                                                          std::string_view value) {
    if (key.size() < 10) return std::nullopt;
    ByteReader first{key.substr(key.size() - 8)};
    ByteReader reader{value};
    const auto count = reader.varint();
    if (count == 0 || count > value.size()) return std::nullopt;
    std::vector<Position> block{first.u64_be()};
    block.reserve(count);
    while (block.size() < count && reader.ok()) {
        const auto delta = reader.varint();
        if (delta == 0) return std::nullopt;
        block.push_back(block.back() + delta);
    }
    if (!reader.ok() || !reader.rest().empty()) return std::nullopt;
    return block;
}

PostingReader::PostingReader(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* postings,
                             PostingKind kind, const std::vector<std::string>& values,
                             Position after)
    : after_(after) {
    rocksdb::ReadOptions options;
    for (const auto& value : std::set<std::string>(values.begin(), values.end())) {
        Source source;
        source.prefix = posting_prefix(kind, value);
        source.at.reset(db.NewIterator(options, postings));
        // The block that holds after + 1 may begin before it.
        std::string from = source.prefix;
        put_u64_be(from, after);
        source.at->SeekForPrev(from);
        if (!source.at->Valid() || !source.at->key().starts_with(source.prefix))
            source.at->Seek(source.prefix);
        sources_.push_back(std::move(source));
    }
}

StoreResult<bool> PostingReader::refill(Source& source) {
    while (true) {
        while (source.used < source.block.size() && source.block[source.used] <= after_)
            ++source.used;
        if (source.used < source.block.size()) return true;
        if (!source.at->Valid() || !source.at->key().starts_with(source.prefix)) {
            if (!source.at->status().ok()) return std::unexpected(rocks_error(source.at->status()));
            return false;
        }
        auto block = decode_posting_block(source.at->key().ToStringView(),
                                          source.at->value().ToStringView());
        if (!block)
            return std::unexpected(StoreError{
                StoreError::Kind::corrupt,
                "a posting block of \"" + source.prefix.substr(1) + "\" does not decode"});
        source.block = *std::move(block);
        source.used = 0;
        source.at->Next();
    }
}

StoreResult<std::optional<Position>> PostingReader::next() {
    std::optional<Position> least;
    for (auto& source : sources_) {
        const auto more = refill(source);
        if (!more) return std::unexpected(more.error());
        if (*more && (!least || source.block[source.used] < *least))
            least = source.block[source.used];
    }
    if (least) after_ = *least;
    return least;
}

}  // namespace yeyak::eventstore
