// Keys that are new: what was given out survives any end of the process, and what nobody needs is
// forgotten.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/privacy/keys_folder.h"

namespace yeyak::api {
namespace {

TEST(PersonKeys, a_key_whose_commands_were_all_refused_is_forgotten) {
    const Folder folder;
    const auto vault = folder.vault();
    auto keys = open_keys(folder, vault);
    for (const auto& seal : sealers_for(folder.io, *keys, "market/user:3", 2))
        keys->end_trial(seal, false);
    keys = nullptr;
    EXPECT_FALSE(has_key(folder, vault, "market/user:3"));
}

TEST(PersonKeys, a_key_that_one_of_its_commands_needs_stays) {
    const Folder folder;
    const auto vault = folder.vault();
    for (const bool first : {true, false}) {
        auto keys = open_keys(folder, vault);
        const auto handle = first ? "market/user:3" : "market/user:4";
        const auto sealers = sealers_for(folder.io, *keys, handle, 3);
        const auto sealed = seal_with(sealers[0]);
        for (const bool kept : {first, !first, false}) keys->end_trial(sealers[0], kept);
        EXPECT_EQ(keys->reveal(sealed), "12 Jong-ro");
        keys = nullptr;
        EXPECT_TRUE(has_key(folder, vault, handle));
        EXPECT_EQ(open_keys(folder, vault, privacy::IfMissing::refuse)->reveal(sealed),
                  "12 Jong-ro");
    }
}

TEST(PersonKeys, a_key_stays_while_it_is_not_known_what_became_of_a_command) {
    const Folder folder;
    const auto vault = folder.vault();
    auto keys = open_keys(folder, vault);
    const auto sealers = sealers_for(folder.io, *keys, "market/user:3", 2);
    keys->end_trial(sealers[0], false);
    keys = nullptr;
    EXPECT_TRUE(has_key(folder, vault, "market/user:3"));
}

TEST(PersonKeys, a_key_of_an_earlier_command_is_not_on_trial) {
    const Folder folder;
    const auto vault = folder.vault();
    auto keys = open_keys(folder, vault);
    keys->end_trial(sealers_for(folder.io, *keys, "market/user:3").front(), true);
    keys->end_trial(sealers_for(folder.io, *keys, "market/user:3").front(), false);
    keys = nullptr;
    keys = open_keys(folder, vault, privacy::IfMissing::refuse);
    keys->end_trial(sealers_for(folder.io, *keys, "market/user:3").front(), false);
    keys = nullptr;
    EXPECT_TRUE(has_key(folder, vault, "market/user:3"));
}

// Whether the old one is still being forgotten or is gone already.
TEST(PersonKeys, who_asks_again_after_a_refusal_has_a_key_that_stays) {
    const Folder folder;
    const auto vault = folder.vault();
    auto keys = open_keys(folder, vault);
    std::vector<std::string> sealed;
    for (int round = 0; round < 50; ++round) {
        const auto handle = fmt::format("market/user:{}", round);
        const auto refused = sealers_for(folder.io, *keys, handle).front();
        keys->end_trial(refused, false);
        const auto again = sealers_for(folder.io, *keys, handle).front();
        EXPECT_NE(seal_with(again), seal_with(refused));
        keys->end_trial(refused, false);  // of another key of that name: without effect
        keys->end_trial(again, true);
        sealed.push_back(seal_with(again));
    }
    keys = nullptr;
    keys = open_keys(folder, vault, privacy::IfMissing::refuse);
    for (const auto& text : sealed) EXPECT_EQ(keys->reveal(text), "12 Jong-ro");
}

// The program of the child below: it gives out keys as fast as it can and tells of each that is
// needed. The first command of every person is refused.
TEST(PersonKeysEnd, DISABLED_gives_out_keys_until_it_is_killed) {
    const char* const where = std::getenv("YEYAK_TEST_FOLDER");
    ASSERT_NE(where, nullptr);
    const fs::path folder{where};
    const auto vault = *privacy::Vault::open(folder / "card.key", privacy::IfMissing::make);
    boost::asio::io_context io;
    const privacy::KeyPlaces places{folder / "keys", {folder / "master.key", std::nullopt}};
    const auto keys = *privacy::PersonKeys::open(places, vault, privacy::IfMissing::make);
    for (int person = 1;; ++person) {
        const auto handle = fmt::format("market/user:{}", person);
        keys->end_trial(sealers_for(io, *keys, handle).front(), false);
        const auto seal = sealers_for(io, *keys, handle).front();
        keys->end_trial(seal, true);
        const auto sealed = seal_with(seal) + "\n";
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

}  // namespace
}  // namespace yeyak::api
