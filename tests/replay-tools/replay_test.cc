// A rebuild gives what the server had built, byte for byte, whatever happens while it runs; a dry
// run finds what a rebuild would change.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "replay-tools/reading/raw_views.h"
#include "replay-tools/replay/dry_run.h"
#include "replay-tools/replay/rebuild.h"
#include "tests/replay-tools/folder_test.h"
#include "tests/replay-tools/raw_writer.h"
#include "tests/systems.h"

namespace yeyak::tools::testing {
namespace {

using eventstore::RocksStore;
using projections::ViewStore;

constexpr int crashed = 9;

std::unique_ptr<RocksStore> open_log(const std::filesystem::path& data) {
    eventstore::RocksOptions options;
    options.data_dir = data;
    options.read_only = true;
    auto log = RocksStore::open(options);
    EXPECT_TRUE(log.has_value());
    return *std::move(log);
}

std::vector<const projections::View*> every_view() {
    std::vector<const projections::View*> views;
    for (const auto& view : tests::all_views()) views.push_back(view.get());
    return views;
}

// Every stored byte of the build that readers see of every view.
std::map<std::string, std::string> live_bytes(const std::filesystem::path& data) {
    std::map<std::string, std::string> bytes;
    const auto views = RawViews::open(data / "views");
    for (const auto* view : every_view()) {
        const auto active = (*views)->active(view->name());
        auto cursor = (*views)->cursor((**active).build);
        for (; cursor.valid(); cursor.next())
            bytes[fmt::format("{} {} {}", view->name(), static_cast<char>(cursor.kind()),
                              cursor.key())] = cursor.value();
    }
    return bytes;
}

std::uint64_t generation_of(const std::filesystem::path& data, std::string_view view) {
    const auto views = RawViews::open(data / "views");
    return (**(*views)->active(view)).build.generation;
}

class ReplayTest : public FolderTest {
  protected:
    eventstore::StoreResult<std::vector<Rebuilt>> rebuild_all(const RebuildOptions& options) {
        const auto log = open_log(data());
        const auto store = ViewStore::open(data() / "views", false);
        EXPECT_TRUE(store.has_value());
        return rebuild(*log, **store, every_view(), options);
    }
    eventstore::StoreResult<DryRun> dry(std::string_view view) {
        const auto live = RawViews::open(data() / "views");
        const auto log = open_log(data());
        return dry_run(*log, live->get(), data() / "views.dry-run-test", *tests::find_view(view),
                       {}, 20);
    }
};

TEST_F(ReplayTest, gives_what_the_server_had_built_byte_for_byte) {
    const auto before = live_bytes(data());
    ASSERT_GT(before.size(), 1000U);
    for (const std::size_t batch : {1'000'000UL, 101UL}) {
        const auto rebuilt = rebuild_all({batch, {}});
        ASSERT_TRUE(rebuilt.has_value()) << rebuilt.error().detail;
        EXPECT_EQ(rebuilt->size(), every_view().size());
        EXPECT_EQ(rebuilt->front().rows, reservations);
        EXPECT_EQ(live_bytes(data()), before);
    }
    EXPECT_EQ(generation_of(data(), "payments"), 3U);
}

TEST_F(ReplayTest, the_build_before_is_kept_and_older_ones_are_forgotten) {
    ASSERT_TRUE(rebuild_all({}).has_value());
    ASSERT_TRUE(rebuild_all({}).has_value());
    const auto views = RawViews::open(data() / "views");
    EXPECT_FALSE((*views)->cursor({"payments", 1}).valid());
    EXPECT_TRUE((*views)->cursor({"payments", 2}).valid());
    EXPECT_TRUE((*views)->cursor({"payments", 3}).valid());
}

TEST_F(ReplayTest, one_view_in_parts_is_the_same_byte_for_byte) {
    const auto before = live_bytes(data());
    for (const std::size_t threads : {1U, 2U, 7U}) {
        const auto log = open_log(data());
        const auto store = ViewStore::open(data() / "views", false);
        RebuildOptions options;
        options.batch = 100;
        options.threads = threads;
        for (const auto* view : every_view()) {
            const auto rebuilt = rebuild(*log, **store, {view}, options);
            ASSERT_TRUE(rebuilt.has_value()) << rebuilt.error().detail;
            EXPECT_FALSE(rebuilt->front().refused.has_value()) << view->name();
        }
    }
    EXPECT_EQ(live_bytes(data()), before);
}

TEST_F(ReplayTest, what_is_stopped_leaves_the_old_build) {
    const auto before = live_bytes(data());
    const auto stopped = rebuild_all({100, [](auto position) { return position < 700; }});
    ASSERT_FALSE(stopped.has_value());
    EXPECT_EQ(live_bytes(data()), before);
    EXPECT_EQ(generation_of(data(), "payments"), 1U);
    // The next run goes on with what there is, and does not begin again.
    std::vector<eventstore::Position> reached;
    const auto gone_on = rebuild_all({100, [&](auto position) {
                                          reached.push_back(position);
                                          return true;
                                      }});
    ASSERT_TRUE(gone_on.has_value()) << gone_on.error().detail;
    EXPECT_GT(reached.front(), 700U);
    EXPECT_EQ(live_bytes(data()), before);
    EXPECT_EQ(generation_of(data(), "payments"), 2U);
}

TEST_F(ReplayTest, what_differs_is_not_shown_unless_it_is_accepted) {
    {
        auto views = RawWriter::views(data());
        views.remove(0, views.keys(0, std::string{"rpayments"} + '\0').at(0));
    }
    const auto refused = rebuild_all({});
    ASSERT_TRUE(refused.has_value());
    for (const auto& one : *refused)
        EXPECT_EQ(one.refused ? one.refused->code : "",
                  one.view == "payments" ? "digest_differs" : "")
            << one.view;
    EXPECT_EQ(generation_of(data(), "payments"), 1U);
    EXPECT_EQ(generation_of(data(), "receipts"), 2U);
    RebuildOptions accepting;
    accepting.accept_differences = true;
    const auto accepted = rebuild_all(accepting);
    ASSERT_TRUE(accepted.has_value());
    EXPECT_GT(generation_of(data(), "payments"), 1U);
    EXPECT_TRUE(dry("payments")->comparison.same());
}

// --- crashes -------------------------------------------------------------------------------------

// What the test below runs in a process of its own: a rebuild that dies after some batches.
TEST(ReplayCrash, DISABLED_child) {
    const char* const data = std::getenv("YEYAK_TEST_DATA");
    const char* const batches = std::getenv("YEYAK_TEST_BATCHES");
    ASSERT_TRUE(data && batches);
    const auto log = open_log(data);
    const auto store = ViewStore::open(std::filesystem::path{data} / "views", false);
    int left = std::atoi(batches);
    const auto die_in_time = [&](auto) {
        if (--left == 0) _exit(crashed);
        return true;
    };
    const auto rebuilt = rebuild(*log, **store, every_view(), {100, die_in_time});
    FAIL() << "ended before its time: " << rebuilt.has_value();
}

int crash_after(const std::filesystem::path& data, int batches) {
    const auto folder = "YEYAK_TEST_DATA=" + data.string();
    const auto count = fmt::format("YEYAK_TEST_BATCHES={}", batches);
    const pid_t child = fork();
    if (child == 0) {
        const char* const arguments[] = {"tools_test", "--gtest_filter=ReplayCrash.*",
                                         "--gtest_also_run_disabled_tests", nullptr};
        const char* const environment[] = {folder.c_str(), count.c_str(), nullptr};
        execve("/proc/self/exe", const_cast<char* const*>(arguments),
               const_cast<char* const*>(environment));
        _exit(1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(ReplayTest, crash_leaves_the_old_build_and_the_next_run_is_whole) {
    const auto before = live_bytes(data());
    std::srand(static_cast<unsigned>(getpid()));
    const int most = static_cast<int>(open_log(data())->head() / 100);
    for (int round = 0; round < 5; ++round) {
        const int batches = 1 + std::rand() % most;
        ASSERT_EQ(crash_after(data(), batches), crashed) << "after " << batches;
        ASSERT_EQ(live_bytes(data()), before) << "after " << batches;
        ASSERT_EQ(generation_of(data(), "payments"), 1U);
    }
    ASSERT_TRUE(rebuild_all({}).has_value());
    EXPECT_EQ(generation_of(data(), "payments"), 2U);
    EXPECT_EQ(live_bytes(data()), before);
}

// --- dry runs ------------------------------------------------------------------------------------

TEST_F(ReplayTest, dry_run_finds_nothing_and_writes_nothing) {
    const std::set<std::string_view> with_rows{"preReservations", "payments", "receipts",
                                               "myReservations",  "owners",   "sagas"};
    const auto before = snapshot_of(data());
    for (const auto* view : every_view()) {
        const auto run = dry(view->name());
        ASSERT_TRUE(run.has_value()) << run.error().detail;
        EXPECT_TRUE(run->comparison.same()) << view->name();
        EXPECT_EQ(run->comparison.rows > 0, with_rows.contains(view->name())) << view->name();
        EXPECT_EQ(run->comparison.live_digest, run->comparison.rebuilt_digest);
    }
    EXPECT_EQ(snapshot_of(data()), before);
}

TEST_F(ReplayTest, dry_run_finds_what_was_planted) {
    std::string prefix = std::string{"rpayments"} + '\0' + std::string(7, '\0') + '\x01';
    {
        auto views = RawWriter::views(data());
        const auto keys = views.keys(0, prefix);
        auto changed = views.get(0, keys.at(0));
        const auto at = changed.find("\"price\":1");
        ASSERT_NE(at, std::string::npos) << changed;
        changed[at + 8] = '9';
        views.put(0, keys.at(0), changed);
        views.remove(0, keys.at(1));
        views.put(0, keys.at(2) + "ghost", changed);
        std::string index = prefix;
        index[0] = 'i';
        views.remove(0, views.keys(0, index).at(0));
    }
    const auto run = dry("payments");
    ASSERT_TRUE(run.has_value()) << run.error().detail;
    const auto& found = run->comparison;
    EXPECT_EQ(found.rows_changed, 1U);
    EXPECT_EQ(found.rows_added, 1U);
    EXPECT_EQ(found.rows_removed, 1U);
    EXPECT_EQ(found.index_added, 1U);
    EXPECT_FALSE(found.same());
    EXPECT_NE(found.live_digest, found.rebuilt_digest);
    ASSERT_EQ(found.samples.size(), 4U);
    const auto changed =
        std::ranges::find(found.samples, Difference::Kind::changed, &Difference::kind);
    ASSERT_NE(changed, found.samples.end());
    ASSERT_EQ(changed->changes.size(), 1U);
    EXPECT_EQ(changed->changes[0].field, "price");
    EXPECT_EQ(changed->changes[0].live[0], '9');
    EXPECT_EQ(changed->changes[0].rebuilt[0], '1');
    RebuildOptions accepting;
    accepting.accept_differences = true;
    ASSERT_TRUE(rebuild_all(accepting).has_value());
    EXPECT_TRUE(dry("payments")->comparison.same());
}

TEST_F(ReplayTest, dry_run_of_what_was_never_built) {
    std::filesystem::remove_all(data() / "views");
    EXPECT_FALSE(dry("payments").has_value());
}

}  // namespace
}  // namespace yeyak::tools::testing
