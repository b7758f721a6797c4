// The index by category, type and tag: for every value, blocks of positions in order. A flush
// writes one block per value it touched, so that the cost is per batch and not per event. The index
// is written with the events and can be rebuilt from them. See FORMAT.md, "Postings".
#pragma once
#include <rocksdb/db.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "eventstore/staging.h"

namespace yeyak::eventstore {

enum class PostingKind : char { category = 'c', type = 't', tag = 'g' };

// Key without its position: kind, value, NUL.
std::string posting_prefix(PostingKind kind, std::string_view value);

// The blocks of one batch: key -> encoded positions.
std::map<std::string, std::string> posting_blocks(const Batch& batch);

// The positions of one block; nothing when it does not decode.
std::optional<std::vector<Position>> decode_posting_block(std::string_view key,
                                                          std::string_view value);

// Positions after `after` of any of the values, ascending, each once.
class PostingReader {
  public:
    PostingReader(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* postings, PostingKind kind,
                  const std::vector<std::string>& values, Position after);

    // The least position after `after` that is also after all that were given before. Nothing at
    // the end; an error when a block is damaged. Going far ahead costs a search, and not what lies
    // in between.
    StoreResult<std::optional<Position>> next(Position after = 0);

    // How many blocks and positions were looked at.
    std::size_t steps() const { return steps_; }

  private:
    struct Source {
        std::string prefix;
        std::unique_ptr<rocksdb::Iterator> at;
        std::vector<Position> block;
        std::size_t used = 0;
    };
    void seek(Source& source) const;
    StoreResult<bool> refill(Source& source);

    Position after_;
    std::vector<Source> sources_;
    std::size_t steps_ = 0;
};

// Positions that are in all lists of a filter: each list is asked for the next position that the
// others may have, so that it costs what the rarest of them costs. The filter is not empty.
class PostingWalk {
  public:
    PostingWalk(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* postings, const Filter& filter,
                Position after);

    struct At {
        enum class Kind { found, end, gave_up };
        Kind kind = Kind::end;
        // Found: the next one. Gave up after `max_steps` in all: nothing up to and with it matches
        // beyond what was found.
        Position position = 0;
    };
    StoreResult<At> next(std::size_t max_steps);

  private:
    std::size_t steps() const;

    std::vector<PostingReader> lists_;
    Position after_;
};

}  // namespace yeyak::eventstore
