#include "audit/proofs/recovery.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "eventstore/memory_store.h"
#include "eventstore/tail.h"
#include "tests/audit/samples.h"

namespace yeyak::audit {
namespace {

using testing::HasSubstr;

void grow(eventstore::MemoryStore& log, std::uint64_t size, const std::string& what = "x") {
    while (log.head() < size) {
        eventstore::Commit commit;
        eventstore::StreamAppend append;
        append.stream = "orders-1";
        for (auto i = log.head(); i < size && append.events.size() < 1000; ++i)
            append.events.push_back({.type = "ordered",
                                     .payload = fmt::format(R"({{"{}":{}}})", what, i),
                                     .event_id = "",
                                     .correlation_id = "",
                                     .causation_id = "",
                                     .actor = ""});
        commit.appends.push_back(std::move(append));
        ASSERT_TRUE(log.stage(std::move(commit)));
        ASSERT_TRUE(log.flush());
    }
}

std::vector<Hash> leaves_of(const eventstore::MemoryStore& log, std::uint64_t from) {
    std::vector<Hash> leaves;
    eventstore::AllQuery query;
    query.after = from;
    query.max_events = 1'000'000;
    query.max_bytes = 1 << 30;
    for (const auto& event : log.read_all(query)->events) leaves.push_back(event->leaf);
    return leaves;
}

class Recovery : public testing::Test {
  protected:
    Recovery() {
        data = std::filesystem::temp_directory_path() /
               fmt::format("yeyak-recovery-{}", static_cast<const void*>(this));
        std::filesystem::create_directories(data);
    }
    ~Recovery() override { std::filesystem::remove_all(data); }

    StoreResult<OpenedTree> open() { return open_tree(data, key.verifier(), log); }
    // What the server does: add what is new, sync, sign.
    TreeHead follow(OpenedTree& tree) {
        EXPECT_TRUE(tree.files->append(leaves_of(log, tree.files->size())));
        EXPECT_TRUE(tree.files->sync());
        const TreeHead head{tree.files->size(), *root_of(tree.files->nodes(), tree.files->size())};
        EXPECT_TRUE(store_checkpoint(data, sign_checkpoint(head, key)));
        return head;
    }
    void expect_whole() {
        auto tree = open();
        ASSERT_TRUE(tree) << tree.error().detail;
        const auto head = follow(*tree);
        Range range;
        for (const auto& leaf : leaves_of(log, 0)) range.append(leaf);
        EXPECT_EQ(head.size, log.head());
        EXPECT_EQ(head.root, range.root());
    }
    std::filesystem::path level(int number) {
        return tree_folder_in(data) / fmt::format("level-{}", number);
    }

    std::filesystem::path data;
    SigningKey key = sample_key();
    eventstore::MemoryStore log;
};

TEST_F(Recovery, goes_on_from_the_checkpoint_at_every_size) {
    for (const std::uint64_t size : {1, 2, 255, 256, 257, 511, 513, 66'000}) {
        grow(log, size);
        expect_whole();
        const auto tree = open();
        ASSERT_TRUE(tree);
        EXPECT_FALSE(tree->rebuilt) << size;
        EXPECT_EQ(tree->checkpoint->checkpoint.head.size, size);
    }
}

TEST_F(Recovery, what_was_not_synced_is_made_again) {
    grow(log, 600);
    expect_whole();
    for (int round = 0; round < 40; ++round) {
        grow(log, log.head() + 97);
        {
            auto tree = open();
            ASSERT_TRUE(tree) << tree.error().detail;
            ASSERT_TRUE(tree->files->append(leaves_of(log, tree->files->size())));
        }  // ends here, before the checkpoint: the tail of the files may hold anything
        const auto head = stored_checkpoint(data, key.verifier()).value()->checkpoint.head;
        for (int number = 0; number < 2; ++number) {
            const auto synced = hashes_on(static_cast<unsigned>(number), head.size) * 32;
            const auto length = std::filesystem::file_size(level(number));
            const auto lost = (length - synced) * static_cast<std::uint64_t>(round) / 40;
            if (round % 2 == 0) std::filesystem::resize_file(level(number), length - lost);
            std::ofstream file{level(number), std::ios::in | std::ios::out | std::ios::binary};
            file.seekp(static_cast<std::streamoff>(synced));
            if (round % 3 == 0) file << std::string(lost / 2, '\x5a');
        }
        const auto again = open();
        ASSERT_TRUE(again) << again.error().detail;
        EXPECT_FALSE(again->rebuilt);
        expect_whole();
    }
}

TEST_F(Recovery, files_that_are_damaged_or_missing_are_built_again) {
    grow(log, 700);
    expect_whole();
    std::filesystem::resize_file(level(0), 699 * 32);
    EXPECT_TRUE(open()->rebuilt);
    expect_whole();
    std::filesystem::remove(level(1));
    EXPECT_TRUE(open()->rebuilt);
    expect_whole();
    {
        std::ofstream file{level(1), std::ios::in | std::ios::out | std::ios::binary};
        file << 'x';
    }
    EXPECT_TRUE(open()->rebuilt);
    expect_whole();
    std::filesystem::remove(checkpoint_file_in(data));
    EXPECT_EQ(open()->files->size(), 0u);
    expect_whole();
}

TEST_F(Recovery, a_log_that_was_rolled_back_is_refused) {
    grow(log, 300);
    expect_whole();
    eventstore::MemoryStore shorter;
    grow(shorter, 299);
    const auto opened = open_tree(data, key.verifier(), shorter);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, StoreError::Kind::refused_open);
    EXPECT_THAT(opened.error().detail, HasSubstr("ends at event 299, the checkpoint covers 300"));
    expect_whole();
}

TEST_F(Recovery, a_log_that_was_altered_is_refused) {
    grow(log, 300);
    expect_whole();
    eventstore::MemoryStore other;
    grow(other, 300, "y");
    const auto opened = open_tree(data, key.verifier(), other);
    ASSERT_FALSE(opened);
    EXPECT_THAT(opened.error().detail, HasSubstr("event 300 is not the one"));
    std::filesystem::remove(level(0));
    const auto rebuilt = open_tree(data, key.verifier(), other);
    ASSERT_FALSE(rebuilt);
    EXPECT_THAT(rebuilt.error().detail, HasSubstr("do not have the root"));
}

TEST_F(Recovery, a_checkpoint_that_the_key_did_not_sign_is_refused) {
    grow(log, 30);
    expect_whole();
    ASSERT_TRUE(store_checkpoint(data, sign_checkpoint({30, {}}, sample_key("yeyak", 2))));
    EXPECT_FALSE(open());
    ASSERT_TRUE(store_checkpoint(data, sign_checkpoint({30, {}}, key)));
    EXPECT_FALSE(open()) << "another root";
}

TEST_F(Recovery, the_key_is_made_once_for_the_owner_alone) {
    const auto file = key_file_in(data);
    const auto made = open_key(file, "yeyak", data);
    ASSERT_TRUE(made) << made.error().detail;
    struct stat about;
    ASSERT_EQ(::stat(file.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0600u);
    EXPECT_EQ(open_key(file, "yeyak", data)->verifier().text(), made->verifier().text());
    grow(log, 3);
    expect_whole();
    std::filesystem::remove(file);
    const auto lost = open_key(file, "yeyak", data);
    ASSERT_FALSE(lost);
    EXPECT_THAT(lost.error().detail, HasSubstr("is lost"));
    std::ofstream{file} << "rubbish";
    EXPECT_THAT(open_key(file, "yeyak", data).error().detail, HasSubstr("no Ed25519 private key"));
}

}  // namespace
}  // namespace yeyak::audit
