// The keys of persons on disk: what is destroyed is in no file, and nothing is read with a wrong
// master key.
#include "privacy/key_store.h"

#include "privacy/rotation.h"
#include "tests/privacy/keys_folder.h"

namespace yeyak::api {
namespace {

TEST(KeyStore, what_is_destroyed_is_in_no_file) {
    const TempFolder folder;
    const auto keys = folder.path() / "keys";
    auto store = open_store(keys);
    std::vector<privacy::StoredKey> all;
    for (int round = 0; round < 20; ++round) {
        std::vector<privacy::StoredKey> some;
        for (int i = 0; i < 500; ++i) some.push_back(sample(round * 500 + i + 1));
        ASSERT_TRUE(store->put(some));
        all.insert(all.end(), some.begin(), some.end());
        if (round % 5 == 4) store = nullptr, store = open_store(keys);
    }
    // One that is in an old file, one in the middle, one that is in the write-ahead log only.
    for (const std::size_t at : {std::size_t{3}, std::size_t{5000}, all.size() - 1}) {
        ASSERT_NE(all_bytes(keys).find(all[at].wrapped), std::string::npos);
        const auto destroyed = store->destroy({all[at].ref});
        ASSERT_TRUE(destroyed) << destroyed.error().detail;
        EXPECT_EQ(*destroyed, 1u);
        EXPECT_EQ(all_bytes(keys).find(all[at].wrapped), std::string::npos) << at;
        EXPECT_FALSE(store->get(all[at].ref.name)->has_value());
    }
    store = nullptr;
    store = open_store(keys);
    EXPECT_FALSE(store->get(all[3].ref.name)->has_value());
    EXPECT_EQ(store->get(all[4].ref.name)->value().wrapped, all[4].wrapped);
    EXPECT_EQ(all_bytes(keys).find(all[3].wrapped), std::string::npos);
}

TEST(KeyStore, another_key_of_the_same_name_is_left_alone) {
    const TempFolder folder;
    const auto store = open_store(folder.path() / "keys");
    const auto old = sample(1);
    auto fresh = sample(1);
    ASSERT_TRUE(store->put({fresh}));
    EXPECT_EQ(*store->destroy({old.ref}), 0u);
    EXPECT_TRUE(store->get(fresh.ref.name)->has_value());
    EXPECT_EQ(*store->destroy({fresh.ref, fresh.ref}), 2u);
    EXPECT_EQ(*store->destroy({}), 0u);
}

TEST(KeyStore, is_read_page_by_page) {
    const TempFolder folder;
    const auto store = open_store(folder.path() / "keys");
    std::vector<privacy::StoredKey> all;
    for (int i = 1; i <= 250; ++i) all.push_back(sample(i));
    ASSERT_TRUE(store->put(all));
    ASSERT_TRUE(store->set_master(std::string(8, 'm')));
    std::size_t count = 0;
    std::string after;
    while (true) {
        const auto page = store->page(after, 100);
        ASSERT_TRUE(page);
        if (page->empty()) break;
        count += page->size();
        EXPECT_GT(page->front().ref.name, after);
        after = page->back().ref.name;
    }
    EXPECT_EQ(count, all.size());
}

TEST(KeyStore, a_copy_holds_the_same_keys) {
    const TempFolder folder;
    const auto store = open_store(folder.path() / "keys");
    const auto key = sample(1);
    ASSERT_TRUE(store->put({key}));
    ASSERT_TRUE(store->copy_to(folder.path() / "copy"));
    EXPECT_EQ(open_store(folder.path() / "copy")->get(key.ref.name)->value().wrapped, key.wrapped);
    EXPECT_FALSE(store->copy_to(folder.path() / "copy"));
}

TEST(PersonKeys, seal_and_reveal_also_after_a_restart) {
    const Folder folder;
    const auto vault = folder.vault();
    auto keys = open_keys(folder, vault);
    const auto sealed = seal_for(folder.io, *keys, "prereservation/user:17");
    EXPECT_EQ(seal_for(folder.io, *keys, "prereservation/user:17"), sealed);
    EXPECT_EQ(keys->reveal(sealed), "12 Jong-ro");
    EXPECT_EQ(keys->reveal("plain"), "plain");
    keys = nullptr;
    keys = open_keys(folder, vault, privacy::IfMissing::refuse);
    EXPECT_EQ(seal_for(folder.io, *keys, "prereservation/user:17"), sealed);
    std::string json = R"({"a":")" + sealed + R"(","b":1})";
    keys->reveal_json(json);
    EXPECT_EQ(json, R"({"a":"12 Jong-ro","b":1})");
    EXPECT_FALSE(keys->known("prereservation/user:18"));
    EXPECT_EQ(all_bytes(folder.path()).find("Jong-ro"), std::string::npos);
}

TEST(PersonKeys, what_is_erased_reads_erased_also_when_the_person_comes_back) {
    const Folder folder;
    const auto vault = folder.vault();
    auto keys = open_keys(folder, vault);
    const auto sealed = seal_for(folder.io, *keys, "market/user:3");
    ASSERT_EQ(*destroy_all_of(*keys, "market/user:3"), 1u);
    EXPECT_EQ(keys->reveal(sealed), privacy::erased_text);
    const auto again = seal_for(folder.io, *keys, "market/user:3");
    EXPECT_NE(again, sealed);
    EXPECT_EQ(keys->reveal(again), "12 Jong-ro");
    EXPECT_EQ(keys->reveal(sealed), privacy::erased_text);
}

TEST(PersonKeys, quotes_in_plaintext_stay_in_their_string) {
    const Folder folder;
    const auto vault = folder.vault();
    const auto keys = open_keys(folder, vault);
    seal_for(folder.io, *keys, "market/user:3");
    const auto seal = keys->known("market/user:3");
    ASSERT_TRUE(seal);
    std::string json = "\"" + (*seal)(privacy::Address{"a\"b\\c\n"}).text() + "\"";
    keys->reveal_json(json);
    EXPECT_EQ(json, R"("a\"b\\c\n")");
}

TEST(PersonKeys, a_master_key_that_is_missing_or_another_is_refused) {
    const Folder folder;
    const auto vault = folder.vault();
    open_keys(folder, vault);
    const auto places = folder.places();
    fs::rename(places.master.file, folder.path() / "away");
    auto refused = privacy::PersonKeys::open(places, vault, privacy::IfMissing::refuse);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().detail.find("master key is missing"), std::string::npos);
    EXPECT_FALSE(fs::exists(places.master.file));
    ASSERT_TRUE(privacy::make_master_key(places.master.file));
    refused = privacy::PersonKeys::open(places, vault, privacy::IfMissing::refuse);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().detail.find("another master key"), std::string::npos);
    fs::rename(folder.path() / "away", places.master.file);
    fs::rename(places.keys, folder.path() / "keys-away");
    refused = privacy::PersonKeys::open(places, vault, privacy::IfMissing::refuse);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().detail.find("keys of persons are missing"), std::string::npos);
    fs::create_directory(places.keys);
    EXPECT_FALSE(privacy::PersonKeys::open(places, vault, privacy::IfMissing::refuse));
    EXPECT_TRUE(privacy::PersonKeys::open(places, vault, privacy::IfMissing::make));
}

TEST(PersonKeys, a_store_has_an_id_that_stays_and_that_no_other_has) {
    const Folder folder;
    const Folder other;
    const auto vault = folder.vault();
    const auto id = *open_keys(folder, vault)->id();
    EXPECT_EQ(id.size(), 16u);
    EXPECT_EQ(*open_keys(folder, vault)->id(), id);
    EXPECT_NE(*open_keys(other, vault)->id(), id);
    EXPECT_EQ(*privacy::PersonKeys::open_read_only(folder.places(), vault).value()->id(), id);
}

TEST(PersonKeys, the_master_key_of_the_environment_is_taken_and_checked) {
    const Folder folder;
    const auto vault = folder.vault();
    auto places = folder.places();
    places.master.text = std::string(64, '7');
    ASSERT_TRUE(privacy::PersonKeys::open(places, vault, privacy::IfMissing::make));
    EXPECT_FALSE(fs::exists(places.master.file));
    places.master.text = std::string(64, '8');
    EXPECT_FALSE(privacy::PersonKeys::open(places, vault, privacy::IfMissing::refuse));
    places.master.text = "77";
    EXPECT_FALSE(privacy::PersonKeys::open(places, vault, privacy::IfMissing::refuse));
}

// --- rotation -----------------------------------------------------------------------------------

int asked = 0;
bool never() { return false; }
bool at_second_page() { return ++asked == 2; }

TEST(Rotation, wraps_all_anew_and_leaves_no_old_wrap) {
    const Folder folder;
    const auto vault = folder.vault();
    auto keys = open_keys(folder, vault);
    const auto sealed = seal_for(folder.io, *keys, "market/user:3");
    keys = nullptr;
    const auto before =
        open_store(folder.places().keys)->get(vault.key_name("market/user:3"))->value();
    const auto rotated = privacy::rotate_master_key(folder.places(), "", &never);
    ASSERT_TRUE(rotated) << rotated.error().detail;
    EXPECT_EQ(rotated->keys, 1u);
    EXPECT_FALSE(fs::exists(folder.path() / "master.key.next"));
    EXPECT_EQ(all_bytes(folder.places().keys).find(before.wrapped), std::string::npos);
    EXPECT_NE(privacy::to_hex(before.master), rotated->master_id);
    keys = open_keys(folder, vault, privacy::IfMissing::refuse);
    EXPECT_EQ(keys->reveal(sealed), "12 Jong-ro");
    EXPECT_EQ(seal_for(folder.io, *keys, "market/user:3"), sealed)
        << "a sealed text does not change";
}

TEST(Rotation, is_completed_by_asking_again) {
    const Folder folder;
    const auto vault = folder.vault();
    auto keys = open_keys(folder, vault);
    std::vector<std::string> sealed;
    boost::asio::io_context io;
    std::vector<std::string> texts(2500);
    for (std::size_t i = 0; i < texts.size(); ++i)
        boost::asio::co_spawn(io, seal_into(*keys, fmt::format("market/user:{}", i), texts[i]),
                              boost::asio::detached);
    io.run();
    keys = nullptr;
    asked = 0;
    ASSERT_FALSE(privacy::rotate_master_key(folder.places(), "", &at_second_page));
    auto refused = privacy::PersonKeys::open(folder.places(), vault, privacy::IfMissing::refuse);
    ASSERT_FALSE(refused) << "a server must not start half-way";
    EXPECT_NE(refused.error().detail.find("rotate-master-key"), std::string::npos);
    const auto reader = privacy::PersonKeys::open_read_only(folder.places(), vault);
    ASSERT_TRUE(reader) << "a reader knows both keys";
    for (const auto& text : texts) ASSERT_EQ((*reader)->reveal(text), "12 Jong-ro");
    const auto rotated = privacy::rotate_master_key(folder.places(), "", &never);
    ASSERT_TRUE(rotated) << rotated.error().detail;
    EXPECT_EQ(rotated->keys, 1500u);
    keys = open_keys(folder, vault, privacy::IfMissing::refuse);
    for (const auto& text : texts) ASSERT_EQ(keys->reveal(text), "12 Jong-ro");
}

TEST(Rotation, to_a_key_in_a_file_of_its_own) {
    const Folder folder;
    const auto vault = folder.vault();
    auto keys = open_keys(folder, vault);
    const auto sealed = seal_for(folder.io, *keys, "market/user:3");
    keys = nullptr;
    const auto file = folder.path() / "new.key";
    EXPECT_FALSE(privacy::rotate_master_key(folder.places(), file, &never)) << "there is none";
    ASSERT_TRUE(privacy::make_master_key(file));
    ASSERT_TRUE(privacy::rotate_master_key(folder.places(), file, &never));
    EXPECT_FALSE(privacy::PersonKeys::open(folder.places(), vault, privacy::IfMissing::refuse))
        << "that is the old one";
    auto places = folder.places();
    places.master.file = file;
    EXPECT_EQ(
        (*privacy::PersonKeys::open(places, vault, privacy::IfMissing::refuse))->reveal(sealed),
        "12 Jong-ro");
}

}  // namespace
}  // namespace yeyak::api
