#include "tests/projections/built_views.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <stdlib.h>

#include <algorithm>

#include "eventstore/bytes.h"
#include "kernel/ensure.h"

namespace yeyak::tests {

using projections::Build;
using projections::View;
using projections::ViewStore;

Folder::Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "yeyak-views-XXXXXX").string();
    ensure(mkdtemp(name.data()) != nullptr, "a folder for the test");
    path_ = name;
}
Folder::~Folder() { std::filesystem::remove_all(path_); }

std::unique_ptr<ViewStore> open_views(const std::filesystem::path& folder) {
    auto store = ViewStore::open(folder, false);
    ensure(store.has_value(), "the views open");
    return *std::move(store);
}

std::string name_of(const View& view) { return std::string{view.name()}; }

Log part_of(const Log& log, std::size_t size) {
    return {log.begin(), log.begin() + static_cast<std::ptrdiff_t>(size)};
}

void build(ViewStore& store, const View& view, const Build& build, const Log& log,
           const std::function<std::size_t()>& next_size) {
    const auto builder = view.builder(store, build);
    ASSERT_TRUE(builder.has_value());
    while ((*builder)->checkpoint() < log.size()) {
        const auto from = log.begin() + static_cast<std::ptrdiff_t>((*builder)->checkpoint());
        const auto size =
            std::min<std::size_t>(next_size(), static_cast<std::size_t>(log.end() - from));
        const auto applied = (*builder)->apply({from, from + static_cast<std::ptrdiff_t>(size)});
        ASSERT_TRUE(applied.has_value()) << applied.error().detail;
    }
}

namespace {

// All that stands under a kind of key of a build, a line each.
std::string lines_of(rocksdb::DB& db, char kind, const Build& build) {
    std::string begin = kind + build.view + '\0';
    eventstore::put_u64_be(begin, build.generation);
    std::string lines;
    const std::unique_ptr<rocksdb::Iterator> at{db.NewIterator({})};
    for (at->Seek(begin); at->Valid() && at->key().starts_with(begin); at->Next()) {
        auto key = at->key().ToString().substr(begin.size());
        lines += kind + testing::PrintToString(key) + ' ' +
                 testing::PrintToString(at->value().ToString()) + '\n';
    }
    ensure(at->status().ok(), "the views can be read");
    return lines;
}

Stored stored_of(rocksdb::DB& db, const Build& build) {
    std::string key = 'c' + build.view + '\0';
    eventstore::put_u64_be(key, build.generation);
    std::string value;
    const auto status = db.Get({}, key, &value);
    ensure(status.ok() || status.IsNotFound(), "the views can be read");
    if (status.IsNotFound()) value.assign(3, '\0');  // not begun
    eventstore::ByteReader reader{value};
    Stored stored;
    stored.checkpoint = reader.varint();
    const auto active = reader.varint();
    const auto cancelled = reader.varint();
    stored.rows = lines_of(db, 'r', build);
    stored.parked = lines_of(db, 'p', build);
    stored.text = stored.rows + lines_of(db, 'i', build) + stored.parked +
                  fmt::format("counts {} {} checkpoint {}\n", active, cancelled, stored.checkpoint);
    return stored;
}

}  // namespace

AllStored stored_in(const std::filesystem::path& folder, std::uint64_t generation) {
    rocksdb::DB* opened = nullptr;
    // While others write there, a file may go after it was listed: then once more.
    auto status = rocksdb::DB::OpenForReadOnly({}, folder.string(), &opened);
    for (int again = 0; !status.ok() && again < 10; ++again)
        status = rocksdb::DB::OpenForReadOnly({}, folder.string(), &opened);
    ensure(status.ok(), "the views open");
    const std::unique_ptr<rocksdb::DB> db{opened};
    AllStored all;
    for (const auto& view : all_views()) {
        const Build build{name_of(*view), generation};
        all[build.view] = stored_of(*db, build);
    }
    return all;
}

std::string without_checkpoint(const Stored& stored) {
    return stored.text.substr(0, stored.text.rfind(" checkpoint"));
}

AllStored Bench::built_at_once(const Log& log) {
    return built_at_once(log, [&](const View&) { return log.size(); });
}

AllStored Bench::built_at_once(const Log& log,
                               const std::function<std::size_t(const View&)>& size) {
    if (builds_++ % builds_in_a_store == 0) place_ = std::make_unique<Place>();
    for (const auto& view : all_views())
        build(*place_->store, *view, {name_of(*view), builds_}, part_of(log, size(*view)),
              [] { return std::size_t{1} << 40; });
    return stored_in(place_->folder.path(), builds_);
}

}  // namespace yeyak::tests
