// The keys of persons on disk: what is destroyed is in no file, what was given out survives any
// end of the process, and nothing is read with a wrong master key.
#include "privacy/key_store.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <fstream>

#include "privacy/person_keys.h"
#include "privacy/rotation.h"
#include "server/seals.h"
#include "tests/api/temp_folder.h"

namespace yeyak::api {
namespace {

namespace fs = std::filesystem;
using boost::asio::awaitable;

std::string all_bytes(const fs::path& folder) {
    std::string all;
    for (const auto& file : fs::recursive_directory_iterator{folder}) {
        if (!file.is_regular_file()) continue;
        std::ifstream in{file.path(), std::ios::binary};
        all.append(std::istreambuf_iterator<char>{in}, {});
    }
    return all;
}

privacy::StoredKey sample(int number) {
    privacy::StoredKey key;
    key.ref = {fmt::format("{:032x}", number * 7919), privacy::to_hex(privacy::random_bytes(8))};
    key.master = std::string(privacy::MasterKey::id_size, 'm');
    key.wrapped = privacy::random_bytes(60);
    return key;
}

std::unique_ptr<privacy::KeyStore> open_store(const fs::path& folder, bool write = true) {
    auto store = privacy::KeyStore::open(folder, write);
    EXPECT_TRUE(store.has_value()) << store.error().detail;
    return *std::move(store);
}

struct Folder : TempFolder {
    privacy::KeyPlaces places() const {
        return {path() / "keys", {path() / "master.key", std::nullopt}};
    }
    privacy::Vault vault() const {
        return *privacy::Vault::open(path() / "card.key", privacy::IfMissing::make);
    }
    // Of those who ask for keys; it outlives the keys, as in the program.
    mutable boost::asio::io_context io;
};

std::unique_ptr<privacy::PersonKeys> open_keys(
    const Folder& folder, const privacy::Vault& vault,
    privacy::IfMissing if_missing = privacy::IfMissing::make) {
    auto keys = privacy::PersonKeys::open(folder.places(), vault, if_missing);
    EXPECT_TRUE(keys.has_value()) << keys.error().detail;
    return keys ? *std::move(keys) : nullptr;
}

awaitable<void> seal_into(privacy::PersonKeys& keys, std::string handle, std::string& sealed) {
    const auto seal = co_await server::sealer_of(keys, handle);
    EXPECT_TRUE(seal.has_value());
    sealed = (*seal)(privacy::Address{"12 Jong-ro"}).text();
}

std::string seal_for(boost::asio::io_context& io, privacy::PersonKeys& keys,
                     const std::string& handle) {
    std::string sealed;
    io.restart();
    boost::asio::co_spawn(io, seal_into(keys, handle, sealed), boost::asio::detached);
    io.run();
    return sealed;
}

eventstore::StoreResult<std::size_t> destroy_all_of(privacy::PersonKeys& keys,
                                                    const std::string& handle) {
    const auto refs = keys.refs({keys.name_of(handle)});
    return keys.destroy_now(*refs);
}

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

// The program of the child below: it gives out keys as fast as it can and tells of each.
TEST(PersonKeysEnd, DISABLED_gives_out_keys_until_it_is_killed) {
    const char* const where = std::getenv("YEYAK_TEST_FOLDER");
    ASSERT_NE(where, nullptr);
    const fs::path folder{where};
    const auto vault = *privacy::Vault::open(folder / "card.key", privacy::IfMissing::make);
    boost::asio::io_context io;
    const privacy::KeyPlaces places{folder / "keys", {folder / "master.key", std::nullopt}};
    const auto keys = *privacy::PersonKeys::open(places, vault, privacy::IfMissing::make);
    for (int person = 1;; ++person) {
        const auto sealed = seal_for(io, *keys, fmt::format("market/user:{}", person)) + "\n";
        if (::write(3, sealed.data(), sealed.size()) < 0) return;
    }
}

// It is killed at any moment.
TEST(PersonKeys, a_key_that_was_given_out_survives_the_end_of_the_process) {
    for (int round = 0; round < 8; ++round) {
        const Folder folder;
        ASSERT_EQ(::setenv("YEYAK_TEST_FOLDER", folder.path().c_str(), 1), 0);
        int pipe_ends[2];
        ASSERT_EQ(::pipe(pipe_ends), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            // A program of its own: a copy of one with threads has locks that nobody holds.
            ::dup2(pipe_ends[1], 3);
            ::execl("/proc/self/exe", "privacy_test", "--gtest_filter=PersonKeysEnd.*",
                    "--gtest_also_run_disabled_tests", nullptr);
            ::_exit(1);
        }
        ::close(pipe_ends[1]);
        std::string told;
        char buffer[4096];
        const auto enough = static_cast<std::size_t>(200 + round * 937);
        while (told.size() < enough) {
            const auto size = ::read(pipe_ends[0], buffer, sizeof buffer);
            if (size <= 0) break;
            told.append(buffer, static_cast<std::size_t>(size));
        }
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        ::close(pipe_ends[0]);
        ASSERT_GE(told.size(), enough);
        const auto vault = folder.vault();
        const auto keys = open_keys(folder, vault, privacy::IfMissing::refuse);
        ASSERT_NE(keys, nullptr);
        std::size_t begin = 0;
        for (auto end = told.find('\n'); end != std::string::npos; end = told.find('\n', begin)) {
            EXPECT_EQ(keys->reveal(told.substr(begin, end - begin)), "12 Jong-ro");
            begin = end + 1;
        }
    }
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
