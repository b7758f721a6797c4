// The thread that keeps the Merkle tree beside a log that grows.
#include "server/ledger.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <future>

#include "audit/proofs/receipt.h"
#include "eventstore/memory_store.h"
#include "eventstore/tail.h"
#include "tests/api/temp_folder.h"

namespace yeyak::api {
namespace {

class LedgerTest : public testing::Test {
  protected:
    std::unique_ptr<server::Ledger> start() {
        auto key = audit::open_key(audit::key_file_in(folder_.path()), "test", folder_.path());
        EXPECT_TRUE(key) << key.error().detail;
        auto started = server::Ledger::start(log_, folder_.path(), *std::move(key));
        EXPECT_TRUE(started) << started.error().detail;
        return started ? *std::move(started) : nullptr;
    }
    void append(int count) {
        for (int i = 0; i < count; ++i) {
            eventstore::NewEvent event;
            event.type = "ordered";
            event.payload = fmt::format(R"({{"n":{}}})", log_.staged_position());
            eventstore::Commit commit;
            commit.appends.push_back({"orders-1", {}, {std::move(event)}});
            ASSERT_TRUE(log_.stage(std::move(commit)));
        }
        ASSERT_TRUE(log_.flush());
    }
    // The checkpoint once it covers the position, or once there will be none.
    static std::shared_ptr<const audit::SignedCheckpoint> covering(server::Ledger& ledger,
                                                                   eventstore::Position position) {
        std::promise<void> told;
        ledger.wait_for(position, [&told] { told.set_value(); });
        told.get_future().wait();
        return ledger.published();
    }
    void expect_every_receipt(const server::Ledger& ledger) {
        const auto checkpoint = ledger.published();
        eventstore::AllQuery query;
        query.max_events = 100'000;
        for (const auto& event : log_.read_all(query)->events) {
            if (event->position > checkpoint->checkpoint.head.size) break;
            const auto receipt = audit::make_receipt(*event, *checkpoint, ledger.files().nodes());
            ASSERT_TRUE(receipt) << receipt.error();
            ASSERT_TRUE(audit::verify(*receipt, ledger.key()));
        }
    }

    TempFolder folder_;
    eventstore::MemoryStore log_;
};

TEST_F(LedgerTest, a_new_log_has_a_checkpoint_of_nothing) {
    const auto ledger = start();
    EXPECT_EQ(ledger->published()->checkpoint.head.size, 0U);
    EXPECT_TRUE(audit::stored_checkpoint(folder_.path(), ledger->key()).value());
}

TEST_F(LedgerTest, who_waits_is_told_without_waiting_for_the_second) {
    const auto ledger = start();
    for (int round = 0; round < 8; ++round) {
        append(37);
        const auto position = log_.head();
        const auto checkpoint = covering(*ledger, position);
        ASSERT_GE(checkpoint->checkpoint.head.size, position);
        EXPECT_TRUE(audit::open_checkpoint(checkpoint->note, ledger->key()));
    }
    expect_every_receipt(*ledger);
}

TEST_F(LedgerTest, receipts_are_made_while_the_tree_grows) {
    const auto ledger = start();
    append(300);
    covering(*ledger, 300);
    std::atomic<bool> done = false;
    std::thread reader{[&] {
        while (!done) expect_every_receipt(*ledger);
    }};
    for (int i = 0; i < 20; ++i) {
        append(29);
        covering(*ledger, log_.head());
    }
    done = true;
    reader.join();
}

TEST_F(LedgerTest, everything_is_covered_when_it_ends_and_it_goes_on_from_there) {
    for (int round = 1; round <= 3; ++round) {
        auto ledger = start();
        append(200);
        const auto key = ledger->key();
        ledger.reset();
        const auto stored = audit::stored_checkpoint(folder_.path(), key);
        ASSERT_TRUE(stored && *stored);
        EXPECT_EQ((*stored)->checkpoint.head.size, static_cast<std::uint64_t>(round) * 200);
    }
    const auto ledger = start();
    expect_every_receipt(*ledger);
}

TEST_F(LedgerTest, a_disk_that_refuses_ends_it_and_nobody_waits_for_ever) {
    const auto ledger = start();
    covering(*ledger, 0);
    append(1);
    covering(*ledger, 1);
    // Where the next checkpoint is written first, there is a folder now.
    std::filesystem::create_directory(audit::checkpoint_file_in(folder_.path()).string() + ".new");
    append(10);
    covering(*ledger, 11);
    EXPECT_TRUE(ledger->failed());
    EXPECT_EQ(ledger->covered(), 1U);
    append(10);
    covering(*ledger, 21);
    expect_every_receipt(*ledger);
}

}  // namespace
}  // namespace yeyak::api
