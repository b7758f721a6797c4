// The Merkle tree in `audit verify`: stored tiles, signed checkpoints, checkpoints kept elsewhere.
#include <gmock/gmock.h>

#include <fstream>

#include "audit/proofs/recovery.h"
#include "program/systems.h"
#include "tests/replay-tools/verify_fixture.h"

namespace yeyak::tools::testing {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view check = "Merkle tree and checkpoints";

class TreeCheck : public VerifyTest {
  protected:
    void SetUp() override {
        VerifyTest::SetUp();
        key_ = audit::open_key(audit::key_file_in(data()), "yeyak", data()).value();
        pinned_ = sign_all();
    }

    // What a server leaves behind: the tree over the log, and a checkpoint.
    std::string sign_all() {
        eventstore::RocksOptions options;
        options.data_dir = data();
        options.read_only = true;
        const auto log = eventstore::RocksStore::open(options).value();
        auto tree = audit::open_tree(data(), key_->verifier(), *log).value();
        eventstore::AllQuery query;
        query.after = tree.files->size();
        query.max_events = 1'000'000;
        query.max_bytes = 1 << 30;
        std::vector<audit::Hash> leaves;
        for (const auto& event : log->read_all(query)->events) leaves.push_back(event->leaf);
        EXPECT_TRUE(tree.files->append(leaves));
        EXPECT_TRUE(tree.files->sync());
        head_ = {tree.files->size(), *audit::root_of(tree.files->nodes(), tree.files->size())};
        const auto checkpoint = audit::sign_checkpoint(head_, *key_);
        EXPECT_TRUE(audit::store_checkpoint(data(), checkpoint));
        return checkpoint.note;
    }
    std::optional<Finding> found(std::optional<std::string> pinned = std::nullopt,
                                 std::optional<audit::VerifierKey> key = std::nullopt) {
        auto verified = verify(program::tools_platform(),
                               {data(), work(), true, std::move(pinned), std::move(key), {}});
        for (const auto& one : verified->checks)
            if (one.check->name() == check) return one.check->first();
        ADD_FAILURE() << "there is no such check";
        return std::nullopt;
    }
    void flip(const std::string& level, std::streamoff at) {
        std::fstream file{audit::tree_folder_in(data()) / level,
                          std::ios::in | std::ios::out | std::ios::binary};
        file.seekg(at);
        const auto byte = static_cast<char>(file.get() ^ 1);
        file.seekp(at);
        file.put(byte);
        EXPECT_TRUE(file.good());
    }

    std::optional<audit::SigningKey> key_;
    audit::TreeHead head_;
    std::string pinned_;
};

TEST_F(TreeCheck, a_log_with_its_tree_is_whole) {
    EXPECT_FALSE(found());
    EXPECT_FALSE(found(pinned_));
    EXPECT_FALSE(found(pinned_, key_->verifier()));
    EXPECT_TRUE(whole(check));
}

TEST_F(TreeCheck, a_log_that_no_server_signed_yet_is_whole) {
    std::filesystem::remove_all(audit::tree_folder_in(data()));
    EXPECT_FALSE(found());
    EXPECT_FALSE(found(pinned_, key_->verifier())) << "the pinned checkpoint is enough";
}

// What a server signs before its first event.
TEST_F(TreeCheck, a_checkpoint_of_nothing_is_of_every_log) {
    const auto nothing = audit::sign_checkpoint({0, audit::Range{}.root()}, *key_).note;
    EXPECT_FALSE(found(nothing, key_->verifier()));
    const auto wrong = audit::sign_checkpoint({0, head_.root}, *key_).note;
    EXPECT_TRUE(found(wrong, key_->verifier()));
}

TEST_F(TreeCheck, every_stored_hash_is_compared) {
    flip("level-0", 32 * 100 + 7);
    EXPECT_THAT(found()->found, HasSubstr("hash 100 in the file audit/level-0"));
    EXPECT_EQ(found()->position, 101u);
    flip("level-0", 32 * 100 + 7);
    flip("level-1", 32 + 31);
    EXPECT_THAT(found()->found, HasSubstr("hash 1 in the file audit/level-1"));
    EXPECT_EQ(found()->position, 257u);
    std::filesystem::resize_file(audit::tree_folder_in(data()) / "level-1", 32);
    EXPECT_TRUE(found());
}

TEST_F(TreeCheck, what_lies_behind_the_checkpoint_counts_for_nothing) {
    std::ofstream{audit::tree_folder_in(data()) / "level-0", std::ios::app} << "rubbish";
    EXPECT_FALSE(found());
}

TEST_F(TreeCheck, the_signature_must_be_that_of_the_key) {
    const auto other = audit::SigningKey::generate("yeyak").value();
    EXPECT_THAT(found(std::nullopt, other.verifier())->found, HasSubstr("not signed by yeyak"));
}

TEST_F(TreeCheck, without_a_key_nothing_is_wrong_and_not_all_is_checked) {
    const auto elsewhere = work() / "elsewhere.key";
    std::filesystem::rename(audit::key_file_in(data()), elsewhere);
    const auto left_open =
        verify(program::tools_platform(), {.data = data(), .work_dir = work(), .quick = true});
    EXPECT_TRUE(left_open->ok());
    EXPECT_FALSE(left_open->complete());
    EXPECT_FALSE(found(std::nullopt, key_->verifier()));
    const auto checked =
        verify(program::tools_platform(),
               {.data = data(), .work_dir = work(), .quick = true, .key_file = elsewhere});
    EXPECT_TRUE(checked->ok() && checked->complete());
}

TEST_F(TreeCheck, a_rewritten_history_is_told_from_a_rollback) {
    auto forged = head_;
    forged.root[0] ^= 1;
    const auto rewritten = audit::sign_checkpoint(forged, *key_).note;
    EXPECT_THAT(found(rewritten)->expected, HasSubstr("history was rewritten"));
    const auto longer = audit::sign_checkpoint({head_.size + 1, head_.root}, *key_).note;
    EXPECT_THAT(found(longer)->expected, HasSubstr("rolled back"));
    ASSERT_TRUE(audit::store_checkpoint(data(), audit::sign_checkpoint(forged, *key_)));
    EXPECT_THAT(found()->expected, HasSubstr("history was rewritten"));
}

}  // namespace
}  // namespace yeyak::tools::testing
