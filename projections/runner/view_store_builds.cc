// Which builds of a view there are, and the switches between them.
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <algorithm>

#include "kernel/ensure.h"
#include "projections/runner/view_store_keys.h"

namespace yeyak::projections {
namespace {

using eventstore::ByteReader;
using eventstore::put_varint;
using keys::io_error;

std::string builds_key(std::string_view view) { return fmt::format("m{}", view); }
std::string candidate_key(std::string_view view) { return fmt::format("n{}", view); }

void put_generation(std::string& value, const Generation& generation) {
    put_varint(value, generation.number);
    put_varint(value, generation.version);
}

Generation read_generation(ByteReader& reader) {
    Generation generation;
    generation.number = reader.varint();
    generation.version = static_cast<std::uint32_t>(reader.varint());
    return generation;
}

std::string encode(const Builds& builds) {
    std::string value;
    put_generation(value, builds.live);
    put_generation(value, builds.previous);
    put_varint(value, static_cast<std::uint64_t>(builds.switched_ms));
    put_varint(value, builds.refused_version);
    put_varint(value, builds.greatest);
    return value;
}

std::optional<Builds> decode_builds(std::string_view value) {
    ByteReader reader{value};
    Builds builds;
    builds.live = read_generation(reader);
    builds.previous = read_generation(reader);
    builds.switched_ms = static_cast<std::int64_t>(reader.varint());
    builds.refused_version = static_cast<std::uint32_t>(reader.varint());
    builds.greatest = reader.varint();
    if (!reader.ok()) return std::nullopt;
    return builds;
}

std::string encode(const Candidate& candidate) {
    std::string value;
    put_generation(value, candidate.generation);
    put_varint(value, candidate.paused);
    put_varint(value, candidate.accepts_differences);
    eventstore::put_text(value, candidate.actor);
    return value;
}

std::optional<Candidate> decode_candidate(std::string_view value) {
    ByteReader reader{value};
    Candidate candidate;
    candidate.generation = read_generation(reader);
    candidate.paused = reader.varint() != 0;
    candidate.accepts_differences = reader.varint() != 0;
    candidate.actor = reader.text();
    if (!reader.ok()) return std::nullopt;
    return candidate;
}

void put_note(rocksdb::WriteBatch& batch, std::string_view view, const Builds& builds,
              const ViewStore::Switch& to) {
    if (to.note.empty()) return;
    auto key = fmt::format("w{}", view) + '\0';
    eventstore::put_u64_be(key, static_cast<std::uint64_t>(to.at_ms));
    eventstore::put_u64_be(key, builds.live.number);
    batch.Put(key, to.note);
}

void drop_in(rocksdb::WriteBatch& batch, const Build& build) {
    for (const char kind : {'r', 'i', 'p', 'c'})
        batch.DeleteRange(keys::prefix(kind, build),
                          keys::prefix(kind, {build.view, build.generation + 1}));
}

}  // namespace

StoreResult<void> ViewStore::write_durably(rocksdb::WriteBatch& batch) {
    rocksdb::WriteOptions synced;
    synced.sync = true;
    if (const auto status = db_->Write(synced, &batch); !status.ok())
        return std::unexpected(io_error(status));
    return {};
}

StoreResult<Builds> ViewStore::builds(std::string_view view) const {
    std::string value;
    Builds builds;
    auto status = db_->Get({}, builds_key(view), &value);
    if (!status.ok() && !status.IsNotFound()) return std::unexpected(io_error(status));
    if (status.ok()) {
        const auto read = decode_builds(value);
        if (!read) return std::unexpected(keys::damaged(view));
        builds = *read;
    }
    status = db_->Get({}, candidate_key(view), &value);
    if (!status.ok() && !status.IsNotFound()) return std::unexpected(io_error(status));
    if (status.ok()) {
        builds.candidate = decode_candidate(value);
        if (!builds.candidate) return std::unexpected(keys::damaged(view));
        builds.greatest = std::max(builds.greatest, builds.candidate->generation.number);
    }
    return builds;
}

StoreResult<Build> ViewStore::active(std::string_view view, std::uint32_t projector_version) const {
    const auto known = builds(view);
    if (!known) return std::unexpected(known.error());
    const bool is_current = known->live.version == projector_version;
    return Build{std::string{view}, is_current ? known->live.number : 0};
}

StoreResult<Build> ViewStore::next_build(std::string_view view) const {
    const auto known = builds(view);
    if (!known) return std::unexpected(known.error());
    return Build{std::string{view}, known->greatest + 1};
}

StoreResult<void> ViewStore::activate(const Build& build, std::uint32_t projector_version) {
    Builds now;
    now.live = {build.generation, projector_version};
    now.greatest = build.generation;
    rocksdb::WriteBatch batch;
    batch.Put(builds_key(build.view), encode(now));
    batch.Delete(candidate_key(build.view));
    if (auto written = write_durably(batch); !written) return written;
    return drop_unnamed(build.view);
}

StoreResult<void> ViewStore::put_candidate(std::string_view view, const Candidate& candidate) {
    rocksdb::WriteBatch batch;
    batch.Put(candidate_key(view), encode(candidate));
    return write_durably(batch);
}

StoreResult<void> ViewStore::drop_candidate(std::string_view view) {
    auto known = builds(view);
    if (!known) return std::unexpected(std::move(known).error());
    if (!known->candidate) return {};
    rocksdb::WriteBatch batch;
    batch.Put(builds_key(view), encode(*known));  // its number is never given again
    batch.Delete(candidate_key(view));
    drop_in(batch, {std::string{view}, known->candidate->generation.number});
    return write_durably(batch);
}

StoreResult<void> ViewStore::flip(std::string_view view, const Switch& to) {
    auto known = builds(view);
    if (!known) return std::unexpected(std::move(known).error());
    ensure(known->candidate.has_value(), "a switch needs a candidate");
    known->previous = known->live;
    known->live = known->candidate->generation;
    known->switched_ms = to.at_ms;
    known->refused_version = 0;
    rocksdb::WriteBatch batch;
    batch.Put(builds_key(view), encode(*known));
    batch.Delete(candidate_key(view));
    put_note(batch, view, *known, to);
    return write_durably(batch);
}

StoreResult<void> ViewStore::roll_back(std::string_view view, const Switch& to) {
    auto known = builds(view);
    if (!known) return std::unexpected(std::move(known).error());
    ensure(known->previous.number != 0, "a way back needs a previous build");
    if (known->live.version != known->previous.version)
        known->refused_version = known->live.version;
    std::swap(known->live, known->previous);
    known->switched_ms = to.at_ms;
    rocksdb::WriteBatch batch;
    batch.Put(builds_key(view), encode(*known));
    put_note(batch, view, *known, to);
    return write_durably(batch);
}

StoreResult<void> ViewStore::forget_previous(std::string_view view) {
    auto known = builds(view);
    if (!known) return std::unexpected(std::move(known).error());
    known->previous = {};
    rocksdb::WriteBatch batch;
    batch.Put(builds_key(view), encode(*known));
    return write_durably(batch);
}

StoreResult<std::vector<std::pair<std::string, std::string>>> ViewStore::notes() const {
    std::vector<std::pair<std::string, std::string>> found;
    const std::unique_ptr<rocksdb::Iterator> at{db_->NewIterator({})};
    for (at->Seek("w"); at->Valid() && at->key().starts_with("w"); at->Next())
        found.emplace_back(at->key().ToString(), at->value().ToString());
    if (!at->status().ok()) return std::unexpected(io_error(at->status()));
    return found;
}

StoreResult<void> ViewStore::note_done(std::string_view key) {
    if (const auto status = db_->Delete({}, key); !status.ok())
        return std::unexpected(io_error(status));
    return {};
}

StoreResult<void> ViewStore::drop_unnamed(std::string_view view) {
    const auto known = builds(view);
    if (!known) return std::unexpected(known.error());
    std::vector<std::uint64_t> named{known->live.number, known->previous.number};
    if (known->candidate) named.push_back(known->candidate->generation.number);
    return drop_all_but(view, named);
}

// Every generation that has rows or parked events has a checkpoint.
StoreResult<void> ViewStore::drop_all_but(std::string_view view,
                                          const std::vector<std::uint64_t>& kept) {
    const std::string begin = fmt::format("c{}", view) + '\0';
    std::vector<Build> others;
    const std::unique_ptr<rocksdb::Iterator> at{db_->NewIterator({})};
    for (at->Seek(begin); at->Valid() && at->key().starts_with(begin); at->Next()) {
        const auto generation = ByteReader{at->key().ToStringView().substr(begin.size())}.u64_be();
        if (std::ranges::find(kept, generation) == kept.end())
            others.push_back({std::string{view}, generation});
    }
    if (!at->status().ok()) return std::unexpected(io_error(at->status()));
    for (const auto& other : others)
        if (auto dropped = drop(other); !dropped) return dropped;
    return {};
}

StoreResult<void> ViewStore::drop(const Build& build) {
    rocksdb::WriteBatch batch;
    drop_in(batch, build);
    if (const auto status = db_->Write({}, &batch); !status.ok())
        return std::unexpected(io_error(status));
    return {};
}

StoreResult<std::vector<std::string>> ViewStore::views() const {
    std::vector<std::string> names;
    const std::unique_ptr<rocksdb::Iterator> at{db_->NewIterator({})};
    for (at->Seek("m"); at->Valid() && at->key().starts_with("m"); at->Next())
        names.push_back(at->key().ToString().substr(1));
    if (!at->status().ok()) return std::unexpected(io_error(at->status()));
    return names;
}

}  // namespace yeyak::projections
