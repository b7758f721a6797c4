#include "eventstore/postings.h"

#include <algorithm>
#include <limits>

#include "eventstore/bytes.h"
#include "eventstore/rocks_error.h"
#include "kernel/ensure.h"

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
        if (delta == 0 || delta > std::numeric_limits<Position>::max() - block.back())
            return std::nullopt;
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
        if (value.contains('\0')) continue;  // no event has it, and it would look like a prefix
        Source source;
        source.prefix = posting_prefix(kind, value);
        source.at.reset(db.NewIterator(options, postings));
        seek(source);
        sources_.push_back(std::move(source));
    }
}

// To the block that holds the first position after after_: it may begin before it.
void PostingReader::seek(Source& source) const {
    std::string from = source.prefix;
    put_u64_be(from, after_);
    source.at->SeekForPrev(from);
    if (!source.at->Valid() || !source.at->key().starts_with(source.prefix))
        source.at->Seek(source.prefix);
}

StoreResult<bool> PostingReader::refill(Source& source) {
    // Blocks that lie near are read one after the other, and a search leaps over many.
    constexpr int near = 4;
    for (int tried = 0;; ++tried) {
        const auto rest = source.block.begin() + static_cast<std::ptrdiff_t>(source.used);
        source.used = static_cast<std::size_t>(std::upper_bound(rest, source.block.end(), after_) -
                                               source.block.begin());
        if (source.used < source.block.size()) return true;
        if (tried == near) seek(source);
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
        ++steps_;
        source.block = *std::move(block);
        source.used = 0;
        source.at->Next();
    }
}

StoreResult<std::optional<Position>> PostingReader::next(Position after) {
    after_ = std::max(after_, after);
    std::optional<Position> least;
    for (auto& source : sources_) {
        ++steps_;
        const auto more = refill(source);
        if (!more) return std::unexpected(more.error());
        if (*more && (!least || source.block[source.used] < *least))
            least = source.block[source.used];
    }
    if (least) after_ = *least;
    return least;
}

PostingWalk::PostingWalk(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* postings,
                         const Filter& filter, Position after)
    : after_(after) {
    const auto add = [&](PostingKind kind, const std::vector<std::string>& values) {
        if (!values.empty()) lists_.emplace_back(db, postings, kind, values, after);
    };
    add(PostingKind::tag, filter.tags);
    add(PostingKind::type, filter.types);
    add(PostingKind::category, filter.categories);
    ensure(!lists_.empty(), "a walk is for a filter that is not empty");
}

std::size_t PostingWalk::steps() const {
    std::size_t all = 0;
    for (const auto& list : lists_) all += list.steps();
    return all;
}

StoreResult<PostingWalk::At> PostingWalk::next(std::size_t max_steps) {
    // `candidate` is the least position that may be in all lists; `agree` of them have it.
    Position candidate = after_ + 1;
    for (std::size_t agree = 0, list = 0; agree < lists_.size();
         list = (list + 1) % lists_.size()) {
        if (steps() >= max_steps) {
            after_ = candidate - 1;
            return At{At::Kind::gave_up, after_};
        }
        const auto position = lists_[list].next(candidate - 1);
        if (!position) return std::unexpected(position.error());
        if (!*position) return At{At::Kind::end, 0};
        agree = **position == candidate ? agree + 1 : 1;
        candidate = **position;
    }
    after_ = candidate;
    return At{At::Kind::found, candidate};
}

}  // namespace yeyak::eventstore
