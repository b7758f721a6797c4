// `yeyak audit verify` passes on what the platform writes, and names the right record for every
// kind of damage.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "eventstore/bytes.h"
#include "eventstore/hash.h"
#include "eventstore/postings.h"
#include "eventstore/record.h"
#include "eventstore/times.h"
#include "program/systems.h"
#include "replay-tools/audit/systems/systems.h"
#include "server/append.h"
#include "server/event_ids.h"
#include "tests/replay-tools/raw_writer.h"
#include "tests/replay-tools/verify_fixture.h"

namespace yeyak::tools::testing {
namespace {

using eventstore::event_key;
using eventstore::Table;
using eventstore::table_key;

// The folder holds one system; what the others add to the checks has nothing to look at here.
TEST_F(VerifyTest, what_the_platform_writes_is_whole) {
    std::set<std::string> of_systems;
    for (const auto& system : program::tools_platform().systems)
        for (const auto& invariant : system.invariants) of_systems.insert(invariant()->name());
    const auto verified = run();
    EXPECT_GT(verified.head, 1500U);
    EXPECT_EQ(verified.checks.size(), 19U + of_systems.size());
    for (const auto& [check, seconds] : verified.checks) {
        EXPECT_TRUE(check->ok()) << check->name() << ": "
                                 << check->first().value_or(Finding{}).found << ", expected "
                                 << check->first().value_or(Finding{}).expected;
        if (of_systems.contains(check->name())) continue;
        if (check->name() == "event ids") continue;  // no other program has written here
        EXPECT_GT(check->count(), 0U) << check->name() << " looked at nothing";
    }
    EXPECT_TRUE(run(true).ok());
}

TEST_F(VerifyTest, nothing_is_written) {
    const auto before = snapshot_of(data());
    (void)run();
    EXPECT_EQ(snapshot_of(data()), before);
    EXPECT_TRUE(std::filesystem::is_empty(work()));
}

TEST_F(VerifyTest, a_working_folder_in_the_data_folder_is_refused) {
    const auto refused = verify(program::tools_platform(), {data(), data() / "views", false, {}});
    ASSERT_FALSE(refused.has_value());
    EXPECT_NE(refused.error().detail.find("--work-dir"), std::string::npos);
}

TEST_F(VerifyTest, works_beside_a_running_platform) {
    Platform platform{data()};
    EXPECT_TRUE(run().ok());
    platform.reserve(0);
}

TEST_F(VerifyTest, record_with_a_flipped_bit) {
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

TEST_F(VerifyTest, record_with_another_leaf_hash) {
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

TEST_F(VerifyTest, deleted_event) {
    RawWriter::log(data()).remove(RawWriter::events, event_key(60));
    const auto verified = run();
    EXPECT_EQ(first_of(verified, "gapless positions").position, 60U);
    EXPECT_EQ(first_of(verified, "stream versions and index").position, 60U);
    EXPECT_EQ(first_of(verified, "category, type and tag index").position, 60U);
    EXPECT_EQ(first_of(verified, "views equal the fold of the log").position, 60U);
    (void)first_of(verified, "log opens");
}

TEST_F(VerifyTest, deleted_tail) {
    const auto head = run().head;
    RawWriter::log(data()).remove(RawWriter::events, event_key(head));
    EXPECT_EQ(damaged("witness").position, head);
}

TEST_F(VerifyTest, missing_witness) {
    std::filesystem::remove(data() / "witness");
    (void)damaged("witness");
}

void write_witness(const std::filesystem::path& data, const std::string& bytes) {
    std::ofstream{data / "witness", std::ios::binary} << bytes;
}

// As after a crash before the first mark: the store opens it, and so nothing is wrong.
TEST_F(VerifyTest, witness_without_its_first_mark) {
    const auto marks = [&] {
        const auto verified = run();
        EXPECT_TRUE(verified.ok());
        return std::ranges::find(verified.checks, "witness",
                                 [](const auto& one) { return one.check->name(); })
            ->check->count();
    };
    write_witness(data(), std::string(8192, '\0'));
    EXPECT_EQ(marks(), 0U);
    Platform{data()};
    EXPECT_EQ(marks(), 1U);
}

TEST_F(VerifyTest, damaged_witness) {
    std::string one_byte(8192, '\0');
    one_byte[4096] = 'Y';
    for (const auto& bytes :
         {std::string{}, std::string(64, '\0'), std::string(8191, '\0'), one_byte}) {
        write_witness(data(), bytes);
        EXPECT_EQ(damaged("witness").found, "no witness that can be read");
    }
}

TEST_F(VerifyTest, deleted_stream_index_entry) {
    const auto stream = payment_of(Fate::completed);
    RawWriter::log(data()).remove(RawWriter::streams, eventstore::stream_key(stream, 2));
    const auto first = damaged("stream versions and index");
    EXPECT_EQ(first.stream, stream);
    EXPECT_EQ(first.version, 2U);
    EXPECT_GT(first.position, 0U);
}

TEST_F(VerifyTest, added_stream_index_entry) {
    RawWriter::log(data()).put(RawWriter::streams,
                               eventstore::stream_key("payment.payment-ghost", 1), "\x05");
    const auto first = damaged("stream versions and index");
    EXPECT_EQ(first.stream, "payment.payment-ghost");
    EXPECT_EQ(first.position, 5U);
}

TEST_F(VerifyTest, stream_index_entry_of_another_event) {
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

TEST_F(VerifyTest, removed_posting) {
    Position removed = 0;
    change_block(data(), "tprereservation.reservation_requested.v1", [&](auto& block) {
        removed = block.at(block.size() / 2);
        block.erase(block.begin() + static_cast<std::ptrdiff_t>(block.size() / 2));
    });
    const auto first = damaged("category, type and tag index");
    EXPECT_EQ(first.position, removed);
    EXPECT_NE(first.found.find("lacks type"), std::string::npos) << first.found;
}

TEST_F(VerifyTest, added_posting) {
    Position added = 0;
    change_block(data(), "guser:7", [&](auto& block) {
        added = block.back() + 1;
        block.push_back(added);
    });
    const auto first = damaged("category, type and tag index");
    EXPECT_EQ(first.position, added);
    EXPECT_NE(first.found.find("has tag user:7"), std::string::npos) << first.found;
}

TEST_F(VerifyTest, damaged_posting_block) {
    {
        auto log = RawWriter::log(data());
        log.put(RawWriter::postings, log.keys(RawWriter::postings, "guser:1").at(0), "\x7f");
    }
    (void)damaged("category, type and tag index");
}

// --- tables --------------------------------------------------------------------------------------

TEST_F(VerifyTest, idempotency_record_that_points_nowhere) {
    {
        auto log = RawWriter::log(data());
        const auto key = table_key(Table::idempotency, "reservations/key-5");
        auto value = log.get(RawWriter::tables, key);
        const auto at = value.find("\"version\":1");
        ASSERT_NE(at, std::string::npos) << value;
        log.put(RawWriter::tables, key, value.replace(at, 11, "\"version\":77"));
    }
    const auto first = damaged("idempotency records");
    EXPECT_EQ(first.stream, "prereservation.reservation-5");
    EXPECT_EQ(first.version, 77U);
    EXPECT_NE(first.found.find("key-5"), std::string::npos);
}

// A deleted effect: nobody will ever ask the provider, and the saga waits for ever.
TEST_F(VerifyTest, saga_with_nothing_pending) {
    const auto number = one(Fate::paying);
    const auto key = table_key(Table::outbox, payment_of(Fate::paying) + "@1");
    RawWriter::log(data()).remove(RawWriter::tables, key);
    const auto first = damaged("sagas ended or waiting");
    EXPECT_EQ(first.stream, fmt::format("prereservation.checkout-{}", number));
    EXPECT_EQ(first.version, 1U);
    EXPECT_NE(first.found.find("paying"), std::string::npos);
}

TEST_F(VerifyTest, outbox_entry_without_its_event) {
    {
        auto log = RawWriter::log(data());
        const auto effect = table_key(Table::outbox, payment_of(Fate::paying));
        log.put(RawWriter::tables, effect + "@9", log.get(RawWriter::tables, effect + "@1"));
    }
    const auto first = damaged("outbox entries");
    EXPECT_EQ(first.stream, payment_of(Fate::paying));
    EXPECT_EQ(first.version, 9U);
}

TEST_F(VerifyTest, timer_that_cannot_be_read) {
    {
        auto log = RawWriter::log(data());
        const auto key = log.keys(RawWriter::tables, table_key(Table::timer, "")).at(0);
        log.put(RawWriter::tables, key, "{\"due\":1}");
    }
    EXPECT_FALSE(damaged("timer entries").found.empty());
}

TEST_F(VerifyTest, message_missing_from_an_inbox) {
    std::string removed;
    {
        auto log = RawWriter::log(data());
        removed = log.keys(RawWriter::tables, table_key(Table::inbox, "payment/")).at(10);
        log.remove(RawWriter::tables, removed);
    }
    const auto first = damaged("inbox entries");
    EXPECT_NE(first.expected.find("arrival"), std::string::npos) << first.expected;
}

TEST_F(VerifyTest, time_that_goes_back_unsaid) {
    append(data(), "s-1", "noted", "{}");
    append(data(), "s-1", "noted", "{}", Instant{1});
    const auto verified = run();
    const auto check = std::ranges::find(verified.checks, "runs of times",
                                         [](const auto& one) { return one.check->name(); });
    EXPECT_TRUE(check->check->ok());
    EXPECT_EQ(check->check->count(), 2U);
    const auto key = [](std::string_view of) { return table_key(Table::time, of); };
    RawWriter::log(data()).remove(RawWriter::tables, key(eventstore::time_key(verified.head)));
    const auto first = damaged("runs of times");
    EXPECT_EQ(first.position, verified.head);
    EXPECT_EQ(first.stream, "s-1");
    RawWriter::log(data()).put(RawWriter::tables, key("short"), "");
    EXPECT_NE(damaged("runs of times").found.find("73686f7274"), std::string::npos);
}

// The run begins with an event that cannot be read, so that nobody sees that the next one is of it.
TEST_F(VerifyTest, a_damaged_record_is_no_time_that_goes_back) {
    append(data(), "s-1", "noted", "{}");
    append(data(), "s-1", "noted", "{}", Instant{1});
    append(data(), "s-1", "noted", "{}", Instant{2});
    {
        auto log = RawWriter::log(data());
        const auto key = event_key(log.keys(RawWriter::events, "").size() - 1);
        auto record = log.get(RawWriter::events, key);
        record[20] = static_cast<char>(record[20] ^ 1);
        log.put(RawWriter::events, key, record);
    }
    (void)damaged("record checksums");
    EXPECT_TRUE(whole("runs of times"));
}

TEST_F(VerifyTest, event_id_that_is_of_another_event) {
    server::AppendCall call;
    call.commit.appends.push_back({"s-1",
                                   {},
                                   {{.type = "noted",
                                     .payload = "{}",
                                     .event_id = "e-1",
                                     .correlation_id = "",
                                     .causation_id = "",
                                     .actor = ""}}});
    {
        Platform platform{data()};
        std::vector<eventstore::WorkPtr> batch;
        batch.push_back(server::append_work(std::move(call), [](const auto&) {}));
        eventstore::run_batch(platform.store(), batch);
    }
    const auto verified = run();
    const auto check = std::ranges::find(verified.checks, "event ids",
                                         [](const auto& one) { return one.check->name(); });
    EXPECT_TRUE(check->check->ok());
    EXPECT_EQ(check->check->count(), 1U);
    const auto move_to = [&](std::string_view position) {
        auto log = RawWriter::log(data());
        log.put(RawWriter::tables,
                table_key(Table::event_id, server::event_id_key("/streams/s-1", "e-1")),
                fmt::format(R"({{"position":{},"version":1,"content":""}})", position));
    };
    move_to("1");
    EXPECT_NE(damaged("event ids").expected.find("source and id"), std::string::npos);
    move_to("9999999");
    EXPECT_NE(damaged("event ids").expected.find("has the id"), std::string::npos);
}

}  // namespace
}  // namespace yeyak::tools::testing
