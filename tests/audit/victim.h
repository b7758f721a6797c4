// The log that the tests of lies lie about: at least 1 MiB of records with their tree, a key and
// every honest proof. Made once.
#pragma once
#include "tests/audit/samples.h"

namespace yeyak::audit {

// Under a sanitizer one lie in so many is told.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr std::uint64_t slower = 50;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr std::uint64_t slower = 50;
#else
inline constexpr std::uint64_t slower = 1;
#endif
#else
inline constexpr std::uint64_t slower = 1;
#endif

inline constexpr std::size_t log_bytes = std::size_t{1} << 20;

struct Victim {
    Victim();

    // The tiles of SampleTree are made anew for every question; here there are many.
    Nodes nodes() const;
    Receipt receipt(std::uint64_t position) const;
    SignedCheckpoint checkpoint() const { return sign_checkpoint(head, key); }

    std::vector<eventstore::RecordedEvent> log;
    std::vector<std::string> records;
    SampleTree tree;
    TreeHead head;
    SigningKey key = sample_key();
    std::vector<std::vector<Hash>> paths;
    std::vector<std::vector<Hash>> rows;
};

const Victim& victim();

// Nodes of rows that are in memory, with all levels made once.
Nodes nodes_of_rows(const std::vector<std::vector<Hash>>& rows);
std::vector<std::vector<Hash>> rows_of(const SampleTree& tree);

}  // namespace yeyak::audit
