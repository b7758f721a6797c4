#include "privacy/rotation.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace yeyak::privacy {
namespace {

constexpr std::size_t page_size = 1000;

StoreError refuse(std::string detail) {
    return {StoreError::Kind::refused_open, std::move(detail)};
}

StoreResult<MasterKey> needed(const MasterKeySource& source) {
    auto master = read_master_key(source);
    if (!master) return std::unexpected(refuse(std::move(master).error()));
    if (!*master)
        return std::unexpected(refuse(fmt::format("there is no master key: {}", place_of(source))));
    return **std::move(master);
}

// The new key, made when this is the beginning of the change.
StoreResult<MasterKey> next_key(const std::filesystem::path& file, bool own) {
    if (own && !std::filesystem::exists(file)) {
        auto made = make_master_key(file);
        if (!made) return std::unexpected(refuse(std::move(made).error()));
        return *std::move(made);
    }
    return needed({file, std::nullopt});
}

StoreResult<std::uint64_t> wrap_all(KeyStore& store, const MasterKey& old, const MasterKey& next,
                                    bool (*interrupted)()) {
    std::uint64_t count = 0;
    std::string after;
    while (true) {
        if (interrupted())
            return std::unexpected(StoreError{StoreError::Kind::busy, "interrupted"});
        auto page = store.page(after, page_size);
        if (!page) return std::unexpected(std::move(page).error());
        if (page->empty()) return count;
        after = page->back().ref.name;
        std::erase_if(*page, [&](const StoredKey& key) { return key.master == next.id(); });
        for (auto& key : *page) {
            auto bytes = old.unwrap(key.wrapped, to_text(key.ref));
            if (key.master != old.id() || !bytes)
                return std::unexpected(refuse(fmt::format(
                    "key {} is wrapped with master key {}, and neither the present one "
                    "({}) nor the new one ({}) is that",
                    key.ref.name, to_hex(key.master), to_hex(old.id()), to_hex(next.id()))));
            key.wrapped = next.wrap(*bytes, to_text(key.ref));
            key.master = next.id();
            wipe(*bytes);
        }
        if (!page->empty())
            if (auto put = store.put(*page); !put) return std::unexpected(put.error());
        count += page->size();
    }
}

// One step: afterwards the file is the new key, durably, and the old one is gone.
StoreResult<void> take_its_place(const std::filesystem::path& next,
                                 const std::filesystem::path& file) {
    std::error_code error;
    std::filesystem::rename(next, file, error);
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path{"."};
    const int in = error ? -1 : ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = in >= 0 && ::fsync(in) == 0;
    if (in >= 0) ::close(in);
    if (synced) return {};
    return std::unexpected(StoreError{
        StoreError::Kind::io, fmt::format("cannot put {} in place of {}; give the command again",
                                          next.string(), file.string())});
}

}  // namespace

StoreResult<Rotated> rotate_master_key(const KeyPlaces& places,
                                       const std::filesystem::path& new_file,
                                       bool (*interrupted)()) {
    if (!std::filesystem::exists(places.keys / "CURRENT"))
        return std::unexpected(
            refuse(fmt::format("there are no keys of persons in {}", places.keys.string())));
    const auto old = needed(places.master);
    if (!old) return std::unexpected(old.error());
    const bool own = new_file.empty();
    const auto file = own ? std::filesystem::path{places.master.file.string() + ".next"} : new_file;
    auto store = KeyStore::open(places.keys, true);
    if (!store) return std::unexpected(std::move(store).error());
    const auto known = (*store)->master();
    if (!known) return std::unexpected(known.error());
    const auto next = next_key(file, own);
    if (!next) return std::unexpected(next.error());
    if (next->id() == old->id())
        return std::unexpected(
            refuse(fmt::format("{} holds the present master key", file.string())));
    const auto begun_with = (*store)->changing_to();
    if (!begun_with) return std::unexpected(begun_with.error());
    if (*begun_with && **begun_with != next->id())
        return std::unexpected(refuse(fmt::format(
            "a change to another master key ({}) was interrupted; complete that one first, with "
            "the same --new-file",
            to_hex(**begun_with))));
    if (*known && **known != old->id() && **known != next->id())
        return std::unexpected(
            refuse(fmt::format("{} is not the master key of these keys", place_of(places.master))));
    if (auto begun = (*store)->begin_change(next->id()); !begun)
        return std::unexpected(begun.error());
    const auto count = wrap_all(**store, *old, *next, interrupted);
    if (!count) return std::unexpected(count.error());
    if (auto set = (*store)->set_master(next->id()); !set) return std::unexpected(set.error());
    if (auto compacted = (*store)->compact(); !compacted) return std::unexpected(compacted.error());
    if (own)
        if (auto done = take_its_place(file, places.master.file); !done)
            return std::unexpected(done.error());
    return Rotated{*count, to_hex(next->id())};
}

}  // namespace yeyak::privacy
