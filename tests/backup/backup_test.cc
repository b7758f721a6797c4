// Backups of a data folder at rest: taken, verified, restored, pruned, and refused when a single
// byte is not what was signed.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <rocksdb/db.h>

#include <fstream>
#include <random>
#include <set>

#include "audit/backup/keys.h"
#include "audit/backup/take.h"
#include "audit/proofs/recovery.h"
#include "program/systems.h"
#include "projections/runner/view_store.h"
#include "replay-tools/audit/verify.h"
#include "replay-tools/backup/log_tree.h"
#include "replay-tools/backup/restore.h"
#include "tests/backup/command_line.h"
#include "tests/replay-tools/folder_test.h"
#include "tests/replay-tools/raw_writer.h"

namespace yeyak::tools::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class BackupTest : public FolderTest {
  protected:
    fs::path to() const { return work() / "backups"; }
    fs::path restored() const { return work() / "restored"; }
    Ran take(const std::vector<std::string>& more = {}) const {
        std::vector<std::string> words{"backup", "--data", data().string(), "--to", to().string()};
        words.insert(words.end(), more.begin(), more.end());
        return yeyak(words);
    }
    Ran verify(const std::vector<std::string>& more = {}) const {
        std::vector<std::string> words{"backup", "verify", "--to", to().string(), "--key", key()};
        words.insert(words.end(), more.begin(), more.end());
        return yeyak(words);
    }
    Ran restore(const std::vector<std::string>& more = {}) const {
        std::vector<std::string> words{"restore",           "--from", to().string(), "--data",
                                       restored().string(), "--key",  key()};
        words.insert(words.end(), more.begin(), more.end());
        return yeyak(words);
    }
    audit::SigningKey signer() const {
        return *audit::open_key(audit::key_file_in(data()), "yeyak", data());
    }
    std::string key() const { return signer().verifier().text(); }
    Position head() const {
        eventstore::RocksOptions options;
        options.data_dir = data();
        options.read_only = true;
        return (*eventstore::RocksStore::open(options))->head();
    }
    void expect_nothing_restored() const {
        EXPECT_FALSE(fs::exists(restored()));
        for (const auto& entry : fs::directory_iterator{work()})
            EXPECT_EQ(entry.path().filename().string().find("restor"), std::string::npos);
    }
};

std::map<std::string, std::string> files_of(const fs::path& folder) {
    auto files = snapshot_of(folder);
    std::erase_if(files,
                  [&](const auto& file) { return !fs::is_regular_file(folder / file.first); });
    return files;
}

TEST_F(BackupTest, is_restored_as_it_was) {
    const auto before = files_of(data() / "log");
    const auto taken = take({"--json"});
    ASSERT_EQ(taken.code, 0) << taken.err;
    EXPECT_THAT(taken.out, HasSubstr(R"("number":1)"));
    const auto position = head() - 1;  // the record of the backup is not in the backup
    EXPECT_THAT(taken.out, HasSubstr(fmt::format(R"("position":{})", position)));
    EXPECT_EQ(verify().code, 0);
    const auto ran = restore({"--json"});
    ASSERT_EQ(ran.code, 0) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr(R"("ok":true)"));

    VerifyOptions options;
    options.data = restored();
    options.work_dir = work();
    const auto whole = tools::verify(program::tools_platform(), options);
    ASSERT_TRUE(whole.has_value()) << whole.error().detail;
    EXPECT_TRUE(whole->ok());
    EXPECT_EQ(whole->head, position);
    EXPECT_FALSE(fs::exists(audit::key_file_in(restored())));
    const auto views = yeyak({"audit", "view", "payments", "--data", restored().string(),
                              "--work-dir", work().string(), "--json"});
    EXPECT_EQ(views.code, 0) << views.out << views.err;
    EXPECT_THAT(views.out, HasSubstr(R"("with":"the live view")"));
}

// What still stands in a write-ahead log is copied again each time; the server flushes it first.
TEST_F(BackupTest, copies_only_what_is_new) {
    {
        eventstore::RocksOptions options;
        options.data_dir = data();
        ASSERT_TRUE((*eventstore::RocksStore::open(options))->flush_memory());
        const auto views = *projections::ViewStore::open(data() / "views", false);
        ASSERT_TRUE(views->database().Flush({}).ok());
    }
    ASSERT_EQ(take().code, 0);
    append(data(), "note-1", "note.written.v1", R"({"text":"after the first backup"})");
    const auto second = take({"--json"});
    ASSERT_EQ(second.code, 0) << second.err;
    const auto number = [&](const std::string& name) {
        const auto at = second.out.find("\"" + name + "\":");
        return std::stoull(second.out.substr(at + name.size() + 3));
    };
    EXPECT_EQ(number("number"), 2U);
    EXPECT_LT(number("newBytes") * 4, number("bytes")) << second.out;
    EXPECT_EQ(verify({"--number", "1"}).code, 0);
    EXPECT_EQ(verify({"--number", "2"}).code, 0);
    ASSERT_EQ(restore({"--number", "1"}).code, 0);
    EXPECT_EQ(fs::exists(restored() / "views"), true);
    const auto listed = yeyak({"backup", "list", "--to", to().string(), "--json"});
    EXPECT_EQ(listed.code, 0);
    EXPECT_THAT(listed.out, HasSubstr(R"("number":2)"));
    EXPECT_EQ(verify({"--number", "3"}).code, 3);
}

TEST_F(BackupTest, relative_paths_will_do) {
    const auto before = fs::current_path();
    fs::current_path(work());
    const auto vkey = key();
    EXPECT_EQ(yeyak({"backup", "--data", "../data", "--to", "near"}).code, 0);
    EXPECT_EQ(yeyak({"backup", "verify", "--to", "near/", "--key", vkey}).code, 0);
    EXPECT_EQ(yeyak({"restore", "--from", "./near", "--data", "again/", "--key", vkey}).code, 0);
    EXPECT_TRUE(fs::exists(work() / "again" / "log" / "CURRENT"));
    fs::current_path(before);
}

TEST_F(BackupTest, old_ones_are_forgotten_and_the_rest_stays_whole) {
    for (int i = 0; i < 3; ++i) {
        append(data(), "note-1", "note.written.v1", fmt::format(R"({{"n":{}}})", i));
        ASSERT_EQ(take().code, 0);
    }
    const auto pruned = yeyak({"backup", "prune", "--to", to().string(), "--keep", "1", "--json"});
    EXPECT_EQ(pruned.code, 0) << pruned.err;
    EXPECT_EQ(pruned.out, "{\"removed\":2}\n");
    EXPECT_EQ(verify({"--number", "2"}).code, 3);
    EXPECT_EQ(verify().code, 0);
    const backup::BackupFolder folder = *backup::BackupFolder::open(to());
    const auto list = *folder.list((*folder.unchecked_manifest(3)).manifest);
    std::set<std::string> named;
    for (const auto& object : list.objects) named.insert(object.path);
    for (const auto& entry : fs::directory_iterator{to() / "files"})
        EXPECT_TRUE(named.contains("files/" + entry.path().filename().string()));
    ASSERT_EQ(take().code, 0);
    EXPECT_EQ(verify().code, 0);
    EXPECT_EQ(restore().code, 0);
}

TEST_F(BackupTest, every_flipped_byte_is_found) {
    ASSERT_EQ(take().code, 0);
    append(data(), "note-1", "note.written.v1", R"({"text":"new"})");
    ASSERT_EQ(take().code, 0);
    std::mt19937_64 random{3};
    int tried = 0;
    for (const auto& [name, content] : files_of(to())) {
        const bool older = name.starts_with("log/private/1/") || name.starts_with("log/meta/1") ||
                           name.starts_with("views/private/1/") ||
                           name.starts_with("views/meta/1") || name == "manifests/00000001.files";
        const auto size = fs::file_size(to() / name);
        if (older || size == 0 || name == "LOCK" || name == "verifier") continue;
        std::fstream file{to() / name, std::ios::in | std::ios::out | std::ios::binary};
        const auto at = static_cast<std::streamoff>(random() % size);
        file.seekg(at);
        const auto byte = static_cast<char>(file.get());
        const auto put = [&](char value) {
            file.seekp(at);
            file.put(value);
            file.flush();
        };
        put(static_cast<char>(byte ^ (1 << random() % 8)));
        const auto ran = verify();
        // A part that only the first backup holds is none of the second's.
        if (!name.starts_with("files/") || ran.code != 0) {
            EXPECT_NE(ran.code, 0) << name << " at " << at;
            EXPECT_NE(restore().code, 0) << name << " at " << at;
            expect_nothing_restored();
            ++tried;
        }
        put(byte);
    }
    EXPECT_GT(tried, 15);
    EXPECT_EQ(verify().code, 0);
}

TEST_F(BackupTest, every_missing_file_is_found) {
    ASSERT_EQ(take().code, 0);
    for (const auto& [name, content] : files_of(to())) {
        if (name == "LOCK" || name == "verifier") continue;
        fs::rename(to() / name, work() / "aside");
        EXPECT_NE(verify().code, 0) << name;
        EXPECT_NE(restore().code, 0) << name;
        expect_nothing_restored();
        fs::rename(work() / "aside", to() / name);
    }
    EXPECT_EQ(verify().code, 0);
}

TEST_F(BackupTest, exchanged_notes_are_found) {
    for (int i = 0; i < 3; ++i) {
        append(data(), "note-1", "note.written.v1", fmt::format(R"({{"n":{}}})", i));
        ASSERT_EQ(take().code, 0);
    }
    const auto notes = to() / "manifests";
    fs::copy(notes, work() / "kept", fs::copy_options::recursive);
    const auto back = [&] {
        fs::remove_all(notes);
        fs::copy(work() / "kept", notes, fs::copy_options::recursive);
    };
    // The newest backup is given out to be what an older one was.
    for (const auto* suffix : {"", ".files"})
        fs::copy_file(notes / fmt::format("00000002{}", suffix),
                      notes / fmt::format("00000003{}", suffix),
                      fs::copy_options::overwrite_existing);
    EXPECT_EQ(verify().code, 1);
    EXPECT_EQ(restore().code, 1);
    expect_nothing_restored();
    back();
    // One in the middle is gone.
    fs::remove(notes / "00000002");
    EXPECT_EQ(verify().code, 1);
    EXPECT_EQ(take().code, 0) << "the next is taken all the same, and says so when it is verified";
    back();
    EXPECT_EQ(verify({"--number", "3"}).code, 0);
}

TEST_F(BackupTest, another_key_is_refused) {
    ASSERT_EQ(take().code, 0);
    const auto other = *audit::SigningKey::generate("yeyak");
    const backup::BackupFolder folder = *backup::BackupFolder::open(to());
    const auto opened = *folder.unchecked_manifest(1);
    const auto list = *folder.list(opened.manifest);
    ASSERT_TRUE(folder.add(opened.manifest, list, other));
    EXPECT_EQ(verify().code, 1);
    EXPECT_EQ(restore().code, 1);
    expect_nothing_restored();
    // Also when nobody brought a key: the one in the folder is still the old one.
    EXPECT_EQ(yeyak({"backup", "verify", "--to", to().string()}).code, 1);
    EXPECT_EQ(take().code, 1) << "nothing is added to what somebody else has signed";
}

// Events are dropped, the root is computed again and all is signed, with a key of one's own or with
// a stolen one that signs a wrong root.
TEST_F(BackupTest, the_root_must_be_that_of_the_records) {
    ASSERT_EQ(take().code, 0);
    const auto lie = signer();
    eventstore::RocksOptions options;
    options.data_dir = data();
    options.read_only = true;
    const auto log = *eventstore::RocksStore::open(options);
    const backup::BackupSeal seal{lie, [](Position) { return audit::Hash{7}; }};
    backup::BackupTask task{
        .data = data(), .log = *log->handles().db, .to = work() / "lying", .now = {}};
    const auto taken = backup::take_backup(task, seal);
    ASSERT_TRUE(taken.has_value()) << taken.error().detail;
    const auto checked = yeyak({"backup", "verify", "--to", task.to.string(), "--key", key()});
    EXPECT_EQ(checked.code, 1);
    EXPECT_THAT(checked.out, HasSubstr("the root over the"));
    const auto ran = yeyak(
        {"restore", "--from", task.to.string(), "--data", restored().string(), "--key", key()});
    EXPECT_EQ(ran.code, 1);
    expect_nothing_restored();
}

TEST_F(BackupTest, a_log_that_was_changed_is_not_added_to_its_backups) {
    ASSERT_EQ(take().code, 0);
    fs::rename(data(), work() / "old");
    fs::create_directory(data());
    fill(data(), 20);
    fs::copy_file(audit::key_file_in(work() / "old"), audit::key_file_in(data()));
    const auto ran = take();
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.err, HasSubstr("that this log does not have"));
    EXPECT_EQ(verify().code, 0);
}

TEST_F(BackupTest, refusals_say_what_to_do) {
    EXPECT_EQ(yeyak({"backup", "--data", data().string()}).code, 2);
    EXPECT_EQ(yeyak({"backup", "--to", to().string()}).code, 2);
    EXPECT_EQ(yeyak({"backup", "--data", (work() / "none").string(), "--to", to().string()}).code,
              3);
    EXPECT_EQ(yeyak({"backup", "verify", "--to", data().string()}).code, 3);
    const auto inside =
        yeyak({"backup", "--data", data().string(), "--to", (data() / "backups").string()});
    EXPECT_EQ(inside.code, 3);
    EXPECT_THAT(inside.err, HasSubstr("lie in one another"));
    fs::create_directory(work() / "full");
    std::ofstream{work() / "full" / "letter"} << "mine";
    EXPECT_EQ(yeyak({"backup", "--data", data().string(), "--to", (work() / "full").string()}).code,
              3);
    ASSERT_EQ(take().code, 0);
    fs::create_directory(restored());
    EXPECT_EQ(restore().code, 0) << "an empty folder is as good as none";
    const auto again = restore();
    EXPECT_EQ(again.code, 3);
    EXPECT_THAT(again.err, HasSubstr("is not empty"));
    EXPECT_EQ(restore({"--key", "yeyak+00000000+AAAA"}).code, 2);
    eventstore::RocksOptions options;
    options.data_dir = data();
    const auto served = eventstore::RocksStore::open(options);
    ASSERT_TRUE(served.has_value());
    const auto busy = take();
    EXPECT_EQ(busy.code, 4);
    EXPECT_THAT(busy.err, HasSubstr("--server"));
}

TEST_F(BackupTest, keys_go_apart_and_only_the_newest) {
    std::ofstream{data() / "card.key"} << "first";
    const auto keys = work() / "keys";
    ASSERT_EQ(take({"--keys-to", keys.string()}).code, 0);
    for (const auto& [name, content] : files_of(to()))
        EXPECT_EQ(content.find(signer().pem()), std::string::npos) << name;
    std::ofstream{data() / "card.key"} << "second";
    ASSERT_EQ(take({"--keys-to", keys.string()}).code, 0);
    for (const auto& [name, content] : files_of(keys))
        EXPECT_THAT(content, ::testing::Not(HasSubstr("first"))) << name;
    ASSERT_EQ(restore({"--keys-from", keys.string()}).code, 0);
    std::ifstream card{restored() / "card.key"};
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>{card}, {}), "second");
    EXPECT_EQ(audit::open_key(audit::key_file_in(restored()), "yeyak", restored())->pem(),
              signer().pem());
    EXPECT_EQ(take({"--keys-to", (to() / "keys").string()}).code, 3);
    EXPECT_EQ(take({"--keys-to", data().string()}).code, 3);
}

}  // namespace
}  // namespace yeyak::tools::testing
