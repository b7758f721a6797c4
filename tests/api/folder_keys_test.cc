// The keys of a folder and the log that was written with them.
#include "server/folder_keys.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eventstore/memory_store.h"
#include "program/systems.h"
#include "tests/api/temp_folder.h"

namespace yeyak::server {
namespace {

using testing::HasSubstr;

class FolderKeysTest : public testing::Test {
  protected:
    FolderKeysTest() { config_.data = folder_.path(); }

    StoreResult<FolderKeys> open() {
        return open_folder_keys(log_, config_, program::people(), {});
    }
    std::string refusal() {
        const auto opened = open();
        return opened ? "opened" : opened.error().detail;
    }
    void append(std::string stream, std::vector<std::string> tags, std::string payload) {
        eventstore::NewEvent event;
        event.type = "noted";
        event.tags = std::move(tags);
        event.payload = std::move(payload);
        eventstore::Commit commit;
        commit.appends.push_back({std::move(stream), {}, {std::move(event)}});
        ASSERT_TRUE(log_.stage(std::move(commit)));
        ASSERT_TRUE(log_.flush());
    }
    // As a log of an earlier version is: it does not say which keys it has.
    void forget_record() { ASSERT_TRUE(record_keys(log_, {}, {})); }
    std::string sealed(const std::string& handle) {
        const auto vault =
            *privacy::Vault::open(folder_.path() / "card.key", privacy::IfMissing::make);
        return fmt::format(R"({{"a":"sealed:v1:{}:AAAA;"}})", vault.key_name(handle));
    }

    api::TempFolder folder_;
    ServeConfig config_;
    eventstore::MemoryStore log_;
};

TEST_F(FolderKeysTest, are_made_and_recorded_at_the_first_start_and_found_at_the_next) {
    const auto first = open();
    ASSERT_TRUE(first) << first.error().detail;
    const auto recorded = *recorded_keys(log_);
    EXPECT_EQ(recorded.tokens, first->vault->id());
    EXPECT_EQ(recorded.persons, *first->persons->id());
    EXPECT_EQ(recorded.signing.size(), 16u);
    EXPECT_EQ(log_.head(), 0u) << "no event";
}

TEST_F(FolderKeysTest, that_are_missing_are_all_told_and_none_is_made) {
    ASSERT_EQ(refusal(), "opened");
    for (const char* name : {"card.key", "audit.key", "master.key", "keys"})
        std::filesystem::remove_all(folder_.path() / name);
    const auto told = refusal();
    for (const char* name : {"card.key", "audit.key", "master.key", "keys", "accept-keys"})
        EXPECT_THAT(told, HasSubstr(name));
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(FolderKeysTest, of_another_log_are_refused_by_name) {
    ASSERT_EQ(refusal(), "opened");
    std::filesystem::remove(folder_.path() / "card.key");
    ASSERT_TRUE(privacy::Vault::open(folder_.path() / "card.key", privacy::IfMissing::make));
    EXPECT_THAT(refusal(), HasSubstr("the key of tokens is"));
}

TEST_F(FolderKeysTest, of_a_log_without_a_record_are_taken_when_it_proves_them) {
    ASSERT_EQ(refusal(), "opened");
    forget_record();
    append("notes-1", {}, "{}");
    EXPECT_THAT(refusal(), HasSubstr("nothing in it proves"));
    append("prereservation.reservation-1", {"user:17"}, sealed("prereservation/user:18"));
    EXPECT_THAT(refusal(), HasSubstr("nothing in it proves")) << "another user's";
    append("prereservation.reservation-2", {"user:17"}, sealed("prereservation/user:17"));
    EXPECT_EQ(refusal(), "opened");
    EXPECT_NE(recorded_keys(log_)->tokens, "") << "from now on recorded";
}

// What one event proves, sealed under the handle that its stream and tags name.
TEST_F(FolderKeysTest, are_proven_by_every_kind_of_handle_that_stands_in_an_event) {
    const auto vault = *privacy::Vault::open(folder_.path() / "card.key", privacy::IfMissing::make);
    append("market.bill-1", {"user:3"}, sealed("prereservation/user:3"));
    EXPECT_FALSE(*proves(log_, vault, program::people())) << "of another system";
    append("market.reservation-12", {}, sealed("market/reservation:12"));
    EXPECT_TRUE(*proves(log_, vault, program::people()));
}

TEST_F(FolderKeysTest, are_proven_by_the_tag_of_a_person) {
    const auto vault = *privacy::Vault::open(folder_.path() / "card.key", privacy::IfMissing::make);
    append("vaccination.user-1", {"person:0a"}, sealed("vaccination/person:0a"));
    EXPECT_TRUE(*proves(log_, vault, program::people()));
}

TEST_F(FolderKeysTest, of_a_log_without_a_record_are_not_made) {
    append("notes-1", {}, "{}");
    EXPECT_THAT(refusal(), HasSubstr("missing"));
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(FolderKeysTest, that_were_lost_are_made_when_it_is_asked_for) {
    ASSERT_EQ(refusal(), "opened");
    const auto before = *recorded_keys(log_);
    std::filesystem::remove(folder_.path() / "card.key");
    const auto made = make_missing_keys(config_);
    ASSERT_TRUE(made) << made.error().detail;
    ASSERT_TRUE(record_keys(log_, {}, *made));
    EXPECT_NE(made->tokens, before.tokens);
    EXPECT_EQ(made->persons, before.persons);
    EXPECT_EQ(made->signing, before.signing);
    EXPECT_EQ(refusal(), "opened");
}

}  // namespace
}  // namespace yeyak::server
