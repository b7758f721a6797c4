// What only the durable store does: opening, refusing to open, and looking on while another writes.
#include <gmock/gmock.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <fstream>
#include <thread>

#include "tests/eventstore/fixtures.h"

namespace yeyak::eventstore {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

class OnDisk : public testing::Test {
  protected:
    std::unique_ptr<RocksStore> open() { return open_or_die(options_); }
    std::string refusal(bool read_only = false) {
        auto options = options_;
        options.read_only = read_only;
        const auto store = RocksStore::open(options);
        EXPECT_FALSE(store);
        if (store) return "";
        EXPECT_EQ(store.error().kind, StoreError::Kind::refused_open);
        return store.error().detail;
    }
    fs::path log_file() {
        fs::path newest;
        for (const auto& entry : fs::directory_iterator(options_.data_dir / "log"))
            if (entry.path().extension() == ".log" && entry.path() > newest) newest = entry.path();
        return newest;
    }
    static std::string contents(const fs::path& path) {
        std::ifstream in{path, std::ios::binary};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
    static void overwrite(const fs::path& path, std::string_view bytes) {
        std::ofstream{path, std::ios::binary} << bytes;
    }
    std::map<std::string, std::pair<fs::file_time_type, std::string>> listing() {
        std::map<std::string, std::pair<fs::file_time_type, std::string>> found;
        for (const auto& entry : fs::recursive_directory_iterator(options_.data_dir))
            found[entry.path()] = {entry.last_write_time(),
                                   entry.is_regular_file() ? contents(entry.path()) : ""};
        return found;
    }

    TempFolder folder_;
    RocksOptions options_ = options_in(folder_.path());
};

TEST_F(OnDisk, what_was_written_is_there_after_a_reopen) {
    write(*open(), commit_of({append("s-1", {}, {event("t", "{\"a\":1}", {"g"})})},
                             {{Table::snapshot, "s", "v"}}));
    auto store = open();
    EXPECT_EQ(store->head(), 1u);
    EXPECT_EQ(store->staged_head("s-1"), 1u);
    EXPECT_EQ(*store->value(Table::snapshot, "s"), "v");
    EXPECT_EQ(read_everything(*store, {{}, {}, {"g"}}, 5).size(), 1u);
    EXPECT_FALSE(store->stage(commit_to("s-1", 1, Expected::no_stream())));
    EXPECT_EQ(write(*store, commit_to("s-1", 1, Expected::exactly(1))).first, 2u);
    ASSERT_TRUE(store->flush_memory());
    store.reset();
    EXPECT_EQ(open()->head(), 2u);
}

TEST_F(OnDisk, another_format_is_refused) {
    open();
    overwrite(options_.data_dir / "FORMAT", "yeyak data format 2\n");
    EXPECT_THAT(refusal(),
                HasSubstr("says \"yeyak data format 2\", this program reads \"yeyak data "
                          "format 1\"; open the folder with the version that wrote it"));
    fs::remove(options_.data_dir / "FORMAT");
    EXPECT_THAT(refusal(), HasSubstr("holds a log but no FORMAT file; restore FORMAT"));
}

TEST_F(OnDisk, reading_only_creates_nothing) {
    EXPECT_THAT(refusal(true), HasSubstr("holds no Yeyak data (no FORMAT file)"));
    EXPECT_FALSE(fs::exists(options_.data_dir));
}

TEST_F(OnDisk, a_folder_in_use_is_refused) {
    const auto store = open();
    EXPECT_THAT(refusal(), HasSubstr("is in use by another process; stop it, or choose another"));
    EXPECT_EQ(write(*store, commit_to("s")).first, 1u);
}

TEST_F(OnDisk, a_new_folder_without_a_parent_is_refused) {
    options_.data_dir = folder_.path() / "missing" / "data";
    EXPECT_THAT(refusal(), HasSubstr("cannot write the data folder"));
}

TEST_F(OnDisk, a_folder_of_something_else_is_left_alone) {
    fs::create_directories(options_.data_dir);
    overwrite(options_.data_dir / "card.key", "keys may come first");
    overwrite(options_.data_dir / "holiday.jpg", "x");
    EXPECT_THAT(refusal(), HasSubstr("it has holiday.jpg, but no FORMAT file"));
    EXPECT_FALSE(fs::exists(options_.data_dir / "log"));
    fs::remove(options_.data_dir / "holiday.jpg");
    EXPECT_EQ(open()->head(), 0u);
}

// RocksDB takes a log that was cut between two records for a whole one; the witness does not.
TEST_F(OnDisk, a_missing_tail_is_refused_and_the_folder_left_as_it_is) {
    fs::path log;
    std::uintmax_t size_before = 0;
    {
        auto store = open();
        write(*store, commit_to("s", 3));
        log = log_file();
        size_before = fs::file_size(log);
        write(*store, commit_to("s", 2));
    }
    const auto whole = contents(log);
    for (const auto size : {size_before, size_before + 5}) {
        overwrite(log, std::string_view{whole}.substr(0, size));
        const auto before = listing();
        EXPECT_THAT(refusal(),
                    HasSubstr("ends at event 3, but its witness has seen event 5: the tail "
                              "is missing; keep a copy of the folder"));
        EXPECT_EQ(listing(), before);
        EXPECT_THAT(refusal(true), HasSubstr("the tail is missing"));
    }
    overwrite(log, whole);
    EXPECT_EQ(open()->head(), 5u);
}

TEST_F(OnDisk, a_missing_table_write_is_refused) {
    fs::path log;
    std::string without;
    {
        auto store = open();
        write(*store, commit_to("s", 3));
        log = log_file();
        without = contents(log);
        write(*store, commit_of({}, {{Table::idempotency, "k", "v"}}));
    }
    overwrite(log, without);
    EXPECT_THAT(refusal(), HasSubstr("its witness has seen write"));
}

// The witness may be behind or blank, as after a crash: damage inside the log is refused all the
// same.
TEST_F(OnDisk, a_damaged_log_is_refused_without_a_witness_mark) {
    fs::path log;
    {
        auto store = open();
        for (int i = 0; i < 20; ++i) write(*store, commit_to("s"));
        log = log_file();
    }
    overwrite(options_.data_dir / "witness", std::string(8192, '\0'));
    auto bytes = contents(log);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    overwrite(log, bytes);
    const auto before = listing();
    EXPECT_THAT(refusal(), HasSubstr("is damaged and is not opened, so that nothing is lost"));
    EXPECT_EQ(listing(), before);
}

TEST_F(OnDisk, a_missing_witness_or_log_is_refused) {
    write(*open(), commit_to("s", 3));
    fs::rename(options_.data_dir / "witness", folder_.path() / "kept");
    EXPECT_THAT(refusal(), HasSubstr("no witness file"));
    fs::rename(folder_.path() / "kept", options_.data_dir / "witness");
    fs::rename(options_.data_dir / "log", folder_.path() / "log");
    EXPECT_THAT(refusal(), HasSubstr("its log is missing; restore the last verified"));
}

TEST_F(OnDisk, another_log_than_the_witness_saw_is_refused) {
    write(*open(), commit_to("s", 3));
    fs::copy(options_.data_dir / "witness", folder_.path() / "witness");
    fs::remove_all(options_.data_dir);
    write(*open(), commit_to("other", 3));
    fs::copy_file(folder_.path() / "witness", options_.data_dir / "witness",
                  fs::copy_options::overwrite_existing);
    EXPECT_THAT(refusal(), HasSubstr("event 3 in"));
    EXPECT_THAT(refusal(), HasSubstr("is not the one its witness has seen"));
}

TEST_F(OnDisk, reading_only_changes_nothing) {
    {
        auto store = open();
        write(*store, commit_to("s", 3));
        ASSERT_TRUE(store->flush_memory());
        write(*store, commit_to("s", 2));
    }
    const auto before = listing();
    options_.read_only = true;
    {
        const auto store = open();
        EXPECT_EQ(store->head(), 5u);
        EXPECT_EQ(read_everything(*store, {}, 2).size(), 5u);
        EXPECT_FALSE(store->writable());
        EXPECT_FALSE(store->stage(commit_to("s")));
        EXPECT_FALSE(store->flush());
    }
    EXPECT_EQ(listing(), before);
}

TEST_F(OnDisk, a_reader_beside_the_writer_sees_a_whole_log) {
    auto store = open();
    write(*store, commit_to("s", 1));
    constexpr Position end = 3000;
    std::atomic<bool> written = false;
    std::thread writer{[&] {
        for (Position i = 1; i < end; ++i) {
            write(*store,
                  commit_of({append("s", {}, {event("t", std::string(3000, ' '), {"g"})})}));
            if (i % 50 == 0) {
                EXPECT_TRUE(store->flush_memory());
                std::this_thread::sleep_for(std::chrono::milliseconds{10});
            }
        }
        written = true;
    }};
    auto options = options_;
    options.read_only = true;
    Position last = 0;
    for (bool final_look = false; !final_look;) {
        final_look = written;
        const auto reader = RocksStore::open(options);
        EXPECT_TRUE(reader) << reader.error().detail;
        if (!reader) break;
        EXPECT_GE((*reader)->head(), last);
        last = (*reader)->head();
        EXPECT_EQ(read_everything(**reader, {}, 1000).size(), last);
        EXPECT_EQ(read_everything(**reader, {{}, {}, {"g"}}, 1000).size(), last - 1);
    }
    writer.join();
    EXPECT_EQ(last, end);
}

struct FullDisk final : rocksdb::EnvWrapper {
    FullDisk() : EnvWrapper(rocksdb::Env::Default()) {}
    rocksdb::Status GetFreeSpace(const std::string&, std::uint64_t* bytes) override {
        *bytes = free;
        return rocksdb::Status::OK();
    }
    std::uint64_t free = 1 << 30;
};

TEST_F(OnDisk, below_the_headroom_writes_are_refused_and_reads_go_on) {
    FullDisk disk;
    options_.env = &disk;
    options_.headroom_bytes = 100 << 20;
    auto store = open();
    write(*store, commit_to("s"));
    disk.free = (100 << 20) - 1;
    const auto usable = store->writable();
    ASSERT_FALSE(usable);
    EXPECT_EQ(usable.error().kind, StoreError::Kind::no_space);
    EXPECT_THAT(usable.error().detail,
                HasSubstr("99 MiB are free where the data is, writes need 100"));
    EXPECT_EQ(store->read_all({})->events.size(), 1u);
    disk.free = 100 << 20;
    EXPECT_TRUE(store->writable()) << "space came back";
    write(*store, commit_to("s"));
}

TEST_F(OnDisk, the_witness_is_exact_after_an_open) {
    const auto path = (options_.data_dir / "witness").string();
    write(*open(), commit_to("s", 3));
    overwrite(path, std::string(8192, '\0'));  // as after a crash before the first mark
    open();
    const auto mark = Witness::read(*rocksdb::FileSystem::Default(), path);
    ASSERT_TRUE(mark);
    EXPECT_EQ(mark->position, 3u);
}

}  // namespace
}  // namespace yeyak::eventstore
