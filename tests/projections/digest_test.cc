// The digest of a view: the same for everybody who folds the same events, another one for
// everything else.
#include "projections/runner/digest.h"

#include <gtest/gtest.h>

#include <set>

#include "kernel/ensure.h"
#include "tests/projections/built_views.h"

namespace yeyak::projections {
namespace {

using tests::all_views;
using tests::Folder;
using tests::interleave;
using tests::Log;
using tests::name_of;
using tests::open_views;
using tests::part_of;
using tests::some_streams;

ViewDigest digest_in(const ViewStore& store, const Build& build, std::uint32_t version) {
    const auto digest = digest_of(store, build, version);
    ensure(digest.has_value(), "the build can be read");
    return *digest;
}

// What the header of digest.h describes, computed by another program.
TEST(ViewDigests, are_as_described) {
    Folder folder;
    const auto store = open_views(folder.path());
    const Build build{"payments", 4};
    ViewStore::Changes changes{build};
    changes.put(List::active, "k1", {{5}, R"({"n":1})"});
    changes.put(List::cancelled, "k0", {{200, 3}, "{}"});
    changes.put_index("userId", "1", "k1");
    ASSERT_TRUE(store->write(changes, 300, {1, 1}).has_value());
    const auto digest = digest_in(*store, build, 3);
    EXPECT_EQ(eventstore::to_hex(digest.digest),
              "f202da3b10c4005260c42595b31d06847aa331c367b20e19f62661bef720e0e8");
    EXPECT_EQ(digest.position, 300U);
    EXPECT_EQ(digest.listed, 1U);
    EXPECT_EQ(digest.cancelled, 1U);
}

// A server folds small batches and keeps some checkpoints for later; an auditor folds at once.
TEST(ViewDigests, of_all_views_are_those_of_the_fold_at_every_position) {
    std::mt19937_64 random{21};
    for (int round = 0; round < 3; ++round) {
        const auto log = interleave(random, some_streams(random, 12));
        Folder live_folder;
        Folder folded_folder;
        const auto live = open_views(live_folder.path());
        const auto folded = open_views(folded_folder.path());
        std::uint64_t generation = 10;
        for (std::size_t end = 0; end < log.size();) {
            end = std::min(log.size(), end + 1 + random() % (log.size() / 4));
            const auto part = part_of(log, end);
            ++generation;
            for (const auto& view : all_views()) {
                const Build small{name_of(*view), 1};
                const Build whole{name_of(*view), generation};
                tests::build(*live, *view, small, part, [&] { return 1 + random() % 7; });
                tests::build(*folded, *view, whole, part, [] { return std::size_t{100'000}; });
                const auto digest = digest_in(*live, small, view->version());
                EXPECT_EQ(digest.position, end);
                EXPECT_EQ(digest, digest_in(*folded, whole, view->version())) << view->name();
            }
        }
    }
}

TEST(ViewDigests, see_every_change_of_a_row) {
    std::mt19937_64 random{22};
    const auto log = interleave(random, some_streams(random, 12));
    Folder folder;
    const auto store = open_views(folder.path());
    for (const auto& view : all_views()) {
        const Build build{name_of(*view), 1};
        tests::build(*store, *view, build, log, [] { return std::size_t{100'000}; });
        const auto honest = digest_in(*store, build, view->version());
        const auto counts = *store->counts(build);
        for (const auto list : {List::active, List::cancelled}) {
            std::string key;
            StoredRow row;
            ASSERT_TRUE(store->scan(build, list, false, [&](std::string_view at, StoredRow found) {
                key = at;
                row = std::move(found);
                return random() % 3 != 0;
            }));
            if (key.empty()) continue;
            const auto write = [&](List into, const StoredRow& changed) {
                ViewStore::Changes changes{build};
                changes.remove(into == List::active ? List::cancelled : List::active, key);
                changes.put(into, key, changed);
                ASSERT_TRUE(store->write(changes, log.size(), counts).has_value());
            };
            std::set<eventstore::Sha256> digests{honest.digest};
            auto seen = row;
            ++seen.seen.back();
            write(list, seen);
            digests.insert(digest_in(*store, build, view->version()).digest);
            auto json = row;
            json.json[json.json.size() / 2] ^= 1;
            write(list, json);
            digests.insert(digest_in(*store, build, view->version()).digest);
            write(list == List::active ? List::cancelled : List::active, row);
            digests.insert(digest_in(*store, build, view->version()).digest);
            EXPECT_EQ(digests.size(), 4U) << view->name() << " " << static_cast<char>(list);
            write(list, row);
            EXPECT_EQ(digest_in(*store, build, view->version()), honest);
        }
    }
}

TEST(ViewDigests, name_view_version_and_position) {
    std::set<eventstore::Sha256> digests;
    for (const auto* name : {"a", "b"})
        for (const std::uint32_t version : {1U, 2U})
            for (const Position position : {7U, 8U})
                digests.insert(RowDigest{name, version, position}.finish().digest);
    EXPECT_EQ(digests.size(), 8U);
}

// Rows that are written while a digest is made are in it all or not at all.
TEST(ViewDigests, are_of_one_moment) {
    Folder folder;
    const auto store = open_views(folder.path());
    const Build build{"payments", 1};
    const auto write = [&](Position position) {
        ViewStore::Changes changes{build};
        for (int row = 0; row < 50; ++row)
            changes.put(List::active, std::to_string(row), {{position}, "{}"});
        ASSERT_TRUE(store->write(changes, position, {50, 0}).has_value());
    };
    write(1);
    const auto before = digest_in(*store, build, 1);
    const auto frozen = store->freeze(build);
    RowDigest digest{"payments", 1, *frozen.checkpoint()};
    ASSERT_TRUE(frozen.rows([&](List list, std::string_view key, std::string_view stored) {
        write(2 + digest_in(*store, build, 1).position);
        digest.add(list, key, stored);
        return true;
    }));
    EXPECT_EQ(digest.finish(), before);
    EXPECT_NE(digest_in(*store, build, 1), before);
}

}  // namespace
}  // namespace yeyak::projections
