// The keys of the view store, as eventstore/FORMAT.md describes them. For the files of ViewStore.
#pragma once
#include <fmt/format.h>
#include <rocksdb/status.h>

#include "eventstore/bytes.h"
#include "projections/runner/view_store.h"

namespace yeyak::projections::keys {

using eventstore::put_text;
using eventstore::put_u64_be;

inline StoreError io_error(const rocksdb::Status& status) {
    return {status.IsCorruption() ? StoreError::Kind::corrupt : StoreError::Kind::io,
            "views: " + status.ToString()};
}

// Every key of a build begins with its kind, the view's name and the generation.
inline std::string prefix(char kind, const Build& build) {
    std::string key(1, kind);
    key += build.view;
    key += '\0';
    put_u64_be(key, build.generation);
    return key;
}

inline std::string row_prefix(const Build& build, List list) {
    return prefix('r', build) + static_cast<char>(list);
}

inline std::string index_prefix(const Build& build, std::string_view index,
                                std::string_view value) {
    std::string key = prefix('i', build);
    put_text(key, index);
    put_text(key, value);
    return key;
}

inline std::string parked_prefix(const Build& build, std::string_view stream) {
    return prefix('p', build).append(stream) + '\0';
}

inline std::string parked_key(const Build& build, std::string_view stream, Position position) {
    auto key = parked_prefix(build, stream);
    put_u64_be(key, position);
    return key;
}

inline StoreError damaged(std::string_view view) {
    return {StoreError::Kind::corrupt,
            fmt::format("a row of view {} does not decode; rebuild it with yeyak replay", view)};
}

}  // namespace yeyak::projections::keys
