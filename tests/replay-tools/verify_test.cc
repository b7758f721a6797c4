// `yeyak audit verify` passes on what the platform writes, and names the right record for every kind
// of damage.
#include <fmt/format.h>

#include <cstring>

#include "eventstore/bytes.h"
#include "eventstore/hash.h"
#include "eventstore/postings.h"
#include "eventstore/record.h"
#include "replay-tools/audit/verify.h"
#include "tests/replay-tools/folder_test.h"
#include "tests/replay-tools/raw_writer.h"

namespace yeyak::tools::testing {
namespace {

using eventstore::event_key;
using eventstore::Table;
using eventstore::table_key;

class VerifyTest : public FolderTest {
  protected:
    Verified run(bool quick = false) {
        auto verified = verify({.data = data(), .work_dir = work(), .quick = quick});
        EXPECT_TRUE(verified.has_value()) << verified.error().detail;
        if (!verified) std::abort();
        return *std::move(verified);
    }
    // What the check found; fails the test when it found nothing.
    Finding first_of(const Verified& verified, std::string_view check) {
        for (const auto& one : verified.checks) {
            if (one.check->name() != check) continue;
            EXPECT_FALSE(one.check->ok()) << check << " found nothing";
            return one.check->first().value_or(Finding{});
        }
        ADD_FAILURE() << "no check is called " << check;
        return {};
    }
    Finding damaged(std::string_view check) {
        const auto verified = run();
        EXPECT_FALSE(verified.ok());
        return first_of(verified, check);
    }
    // The first reservation of a fate.
    static std::int64_t one(Fate fate) { return fate == Fate{} ? fates : static_cast<int>(fate); }
    static std::string payment_of(Fate fate) {
        return fmt::format("payment.payment-prereservation-{}", one(fate));
    }
};

TEST_F(VerifyTest, WhatThePlatformWritesIsWhole) {
    const auto verified = run();
    EXPECT_GT(verified.head, 1500U);
    EXPECT_EQ(verified.checks.size(), 16U);
    for (const auto& [check, seconds] : verified.checks) {
        EXPECT_TRUE(check->ok()) << check->name() << ": "
                                 << check->first().value_or(Finding{}).found << ", expected "
                                 << check->first().value_or(Finding{}).expected;
        EXPECT_GT(check->count(), 0U) << check->name() << " looked at nothing";
    }
    EXPECT_TRUE(run(true).ok());
}

TEST_F(VerifyTest, NothingIsWritten) {
    const auto before = snapshot_of(data());
    (void)run();
    EXPECT_EQ(snapshot_of(data()), before);
    EXPECT_TRUE(std::filesystem::is_empty(work()));
}

TEST_F(VerifyTest, AWorkingFolderInTheDataFolderIsRefused) {
    const auto refused = verify({.data = data(), .work_dir = data() / "views"});
    ASSERT_FALSE(refused.has_value());
    EXPECT_NE(refused.error().detail.find("--work-dir"), std::string::npos);
}

TEST_F(VerifyTest, WorksBesideARunningPlatform) {
    Platform platform{data()};
    EXPECT_TRUE(run().ok());
    platform.reserve(0);
}

TEST_F(VerifyTest, RecordWithAFlippedBit) {
    {
        auto log = RawWriter::log(data());
        auto record = log.get(RawWriter::events, event_key(50));
        record[20] = static_cast<char>(record[20] ^ 1);
        log.put(RawWriter::events, event_key(50), record);
    }
    const auto first = damaged("record checksums");
    EXPECT_EQ(first.position, 50U);
    EXPECT_FALSE(first.stream.empty());
    EXPECT_GT(first.version, 0U);
}

TEST_F(VerifyTest, RecordWithAnotherLeafHash) {
    {
        auto log = RawWriter::log(data());
        auto record = log.get(RawWriter::events, event_key(51));
        record.resize(record.size() - 8);
        record.back() = static_cast<char>(record.back() ^ 1);
        eventstore::put_u64_be(record, eventstore::xxh3(record, 51));
        log.put(RawWriter::events, event_key(51), record);
    }
    EXPECT_EQ(damaged("leaf hashes").position, 51U);
}

TEST_F(VerifyTest, DeletedEvent) {
    RawWriter::log(data()).remove(RawWriter::events, event_key(60));
    const auto verified = run();
    EXPECT_EQ(first_of(verified, "gapless positions").position, 60U);
    EXPECT_EQ(first_of(verified, "stream versions and index").position, 60U);
    EXPECT_EQ(first_of(verified, "category, type and tag index").position, 60U);
    EXPECT_EQ(first_of(verified, "views equal the fold of the log").position, 60U);
    (void)first_of(verified, "log opens");
}

TEST_F(VerifyTest, DeletedTail) {
    const auto head = run().head;
    RawWriter::log(data()).remove(RawWriter::events, event_key(head));
    EXPECT_EQ(damaged("witness").position, head);
}

TEST_F(VerifyTest, MissingWitness) {
    std::filesystem::remove(data() / "witness");
    (void)damaged("witness");
}

TEST_F(VerifyTest, DeletedStreamIndexEntry) {
    const auto stream = payment_of(Fate::completed);
    RawWriter::log(data()).remove(RawWriter::streams, eventstore::stream_key(stream, 2));
    const auto first = damaged("stream versions and index");
    EXPECT_EQ(first.stream, stream);
    EXPECT_EQ(first.version, 2U);
    EXPECT_GT(first.position, 0U);
}

TEST_F(VerifyTest, AddedStreamIndexEntry) {
    RawWriter::log(data()).put(RawWriter::streams,
                               eventstore::stream_key("payment.payment-ghost", 1), "\x05");
    const auto first = damaged("stream versions and index");
    EXPECT_EQ(first.stream, "payment.payment-ghost");
    EXPECT_EQ(first.position, 5U);
}

TEST_F(VerifyTest, StreamIndexEntryOfAnotherEvent) {
    const auto stream = payment_of(Fate::declined);
    RawWriter::log(data()).put(RawWriter::streams, eventstore::stream_key(stream, 1), "\x07");
    const auto first = damaged("stream versions and index");
    EXPECT_EQ(first.stream, stream);
    EXPECT_EQ(first.version, 1U);
}

// Rewrites one posting block of a list through `change`.
template <class Change>
void change_block(const std::filesystem::path& data, const std::string& prefix, Change change) {
    auto log = RawWriter::log(data);
    const auto key = log.keys(RawWriter::postings, prefix).at(0);
    auto block = eventstore::decode_posting_block(key, log.get(RawWriter::postings, key)).value();
    change(block);
    std::string value;
    eventstore::put_varint(value, block.size());
    for (std::size_t i = 1; i < block.size(); ++i)
        eventstore::put_varint(value, block[i] - block[i - 1]);
    log.put(RawWriter::postings, key, value);
}

TEST_F(VerifyTest, RemovedPosting) {
    Position removed = 0;
    change_block(data(), "ctype" + std::string{}, [](auto&) {}) ;
    (void)removed;
}

TEST_F(VerifyTest, DamagedPostingBlock) {
    {
        auto log = RawWriter::log(data());
        log.put(RawWriter::postings, log.keys(RawWriter::postings, "guser:1").at(0), "\x7f");
    }
    (void)damaged("category, type and tag index");
}

}  // namespace
}  // namespace yeyak::tools::testing
