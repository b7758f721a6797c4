#include "privacy/person_keys.h"

#include <fmt/format.h>

#include <utility>

#include "kernel/edge/log.h"
#include "kernel/json.h"

namespace yeyak::privacy {

namespace {

StoreError refuse(std::string detail) {
    return {StoreError::Kind::refused_open, std::move(detail)};
}

// What is not UTF-8 cannot stand in JSON; a sealed text holds what came in as JSON.
void append_escaped(std::string& out, std::string_view text) {
    std::string quoted;
    append_json_string(quoted, text);
    out.append(quoted, 1, quoted.size() - 2);
}

}  // namespace

PersonKeys::PersonKeys(std::unique_ptr<KeyStore> store, std::vector<MasterKey> masters,
                       const Vault& vault)
    : store_(std::move(store)), masters_(std::move(masters)), vault_(vault) {}

StoreResult<void> PersonKeys::check_master(KeyStore& store, const MasterKeySource& source,
                                           const MasterKey& master, bool write) {
    const auto changing = store.changing_to();
    if (!changing) return std::unexpected(changing.error());
    if (*changing)
        return std::unexpected(
            refuse("a change of the master key was interrupted; complete it with the same `yeyak "
                   "audit rotate-master-key` as before"));
    const auto known = store.master();
    if (!known) return std::unexpected(known.error());
    if (!*known) return write ? store.set_master(master.id()) : StoreResult<void>{};
    if (**known == master.id()) return {};
    return std::unexpected(
        refuse(fmt::format("{} holds another master key ({}) than the one that wraps the keys of "
                           "persons ({}); put the right one there, nothing can be read without it",
                           place_of(source), to_hex(master.id()), to_hex(**known))));
}

StoreResult<std::unique_ptr<PersonKeys>> PersonKeys::open(const KeyPlaces& places,
                                                          const Vault& vault,
                                                          IfMissing if_missing) {
    const auto unfinished = std::filesystem::path{places.master.file.string() + ".next"};
    if (!places.master.text && std::filesystem::exists(unfinished))
        return std::unexpected(
            refuse(fmt::format("a change of the master key was interrupted ({} is there); complete "
                               "it with `yeyak audit rotate-master-key`",
                               unfinished.string())));
    auto master = read_master_key(places.master);
    if (!master) return std::unexpected(refuse(std::move(master).error()));
    const bool kept = std::filesystem::exists(places.keys / "CURRENT");
    if (!*master && kept)
        return std::unexpected(refuse(
            fmt::format("the master key is missing: put {} back from where you keep it, or set "
                        "YEYAK_PRIVACY_MASTER_KEY; without it no personal field can be read. Only "
                        "when it is lost for good: move {} away, too",
                        places.master.file.string(), places.keys.string())));
    if (!kept && if_missing == IfMissing::refuse)
        return std::unexpected(refuse(
            fmt::format("the keys of persons are missing: put the folder {} back from its backup",
                        places.keys.string())));
    if (!*master) {
        auto made = make_master_key(places.master.file);
        if (!made) return std::unexpected(refuse(std::move(made).error()));
        *master = *std::move(made);
    }
    auto store = KeyStore::open(places.keys, true);
    if (!store) return std::unexpected(std::move(store).error());
    if (auto right = check_master(**store, places.master, **master, true); !right)
        return std::unexpected(right.error());
    std::unique_ptr<PersonKeys> self{new PersonKeys{*std::move(store), {**master}, vault}};
    self->thread_ = std::thread{[keys = self.get()] { keys->run(); }};
    return self;
}

StoreResult<std::unique_ptr<PersonKeys>> PersonKeys::open_read_only(const KeyPlaces& places,
                                                                    const Vault& vault) {
    std::vector<MasterKey> masters;
    auto next = places.master;
    next.file += ".next";
    for (const auto& source : {places.master, next}) {
        auto master = read_master_key(source);
        if (!master) return std::unexpected(refuse(std::move(master).error()));
        if (*master) masters.push_back(**master);
    }
    if (masters.empty())
        return std::unexpected(
            refuse(fmt::format("the master key is missing: {} is not there and "
                               "YEYAK_PRIVACY_MASTER_KEY is not set",
                               places.master.file.string())));
    auto store = KeyStore::open(places.keys, false);
    if (!store) return std::unexpected(std::move(store).error());
    if (masters.size() == 1)
        if (auto right = check_master(**store, places.master, masters.front(), false); !right)
            return std::unexpected(right.error());
    return std::unique_ptr<PersonKeys>{
        new PersonKeys{*std::move(store), std::move(masters), vault}};
}

PersonKeys::~PersonKeys() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    arrived_.notify_all();
    if (thread_.joinable()) thread_.join();
}

StoreResult<PersonKeys::KeyPtr> PersonKeys::find(const std::string& name) {
    if (const auto* cached = cache_.find(name)) return *cached;
    const auto stored = store_->get(name);
    if (!stored) return std::unexpected(stored.error());
    KeyPtr key;
    if (*stored) {
        for (const auto& master : masters_) {
            if (master.id() != (*stored)->master) continue;
            auto bytes = master.unwrap((*stored)->wrapped, to_text((*stored)->ref));
            if (!bytes) continue;
            key = std::make_shared<const PersonKey>(*bytes);
            wipe(*bytes);
        }
        if (!key)
            return std::unexpected(StoreError{
                StoreError::Kind::corrupt,
                fmt::format("key {} of a person cannot be unwrapped with the master key; restore "
                            "the keys from their backup",
                            name)});
    }
    return cache_.put(name, std::move(key));
}

PersonKeys::KeyPtr PersonKeys::find_or_nothing(const std::string& name) {
    const std::lock_guard lock{mutex_};
    auto found = find(name);
    if (found) return *std::move(found);
    log::error("person_key_unreadable", {{"key", name}, {"detail", found.error().detail}});
    return nullptr;
}

PersonKeys::NewKey PersonKeys::make(const std::string& name) const {
    auto bytes = random_key();
    NewKey made;
    made.stored.ref = {name, to_hex(random_bytes(8))};
    made.stored.master = masters_.front().id();
    made.stored.wrapped = masters_.front().wrap(bytes, to_text(made.stored.ref));
    made.key = std::make_shared<const PersonKey>(bytes);
    wipe(bytes);
    return made;
}

void PersonKeys::of(const std::string& handle, std::function<void(StoreResult<Sealer>)> done) {
    const auto name = name_of(handle);
    std::unique_lock lock{mutex_};
    if (!waiting_.contains(name)) {
        // One that is being forgotten is not given out any more.
        auto found = to_forget_.contains(name) ? StoreResult<KeyPtr>{} : find(name);
        if (!found || *found) {
            if (const auto trial = trials_.find(name); trial != trials_.end()) ++trial->second.uses;
            lock.unlock();
            return found ? done(Sealer{name, *std::move(found)})
                         : done(std::unexpected(std::move(found).error()));
        }
        new_.push_back(make(name));
    }
    waiting_[name].push_back(std::move(done));
    lock.unlock();
    arrived_.notify_one();
}

void PersonKeys::end_trial(const Sealer& sealer, bool kept) {
    const auto& name = sealer.key_name_;
    const std::lock_guard lock{mutex_};
    const auto trial = trials_.find(name);
    // Most keys are not on trial; and this may be an older one of that name.
    if (trial == trials_.end() || trial->second.key != sealer.key_) return;
    if (!kept && --trial->second.uses > 0) return;
    const auto ref = trial->second.ref;
    trials_.erase(trial);
    if (kept) return;
    to_forget_.emplace(name, ref);
    arrived_.notify_one();
}

std::optional<Sealer> PersonKeys::known(std::string_view handle) {
    auto name = name_of(handle);
    auto key = find_or_nothing(name);
    if (!key) return std::nullopt;
    return Sealer{std::move(name), std::move(key)};
}

StoreResult<std::vector<KeyRef>> PersonKeys::refs(const std::vector<std::string>& names) const {
    std::vector<KeyRef> refs;
    for (const auto& name : names) {
        const auto stored = store_->get(name);
        if (!stored) return std::unexpected(stored.error());
        if (*stored) refs.push_back((*stored)->ref);
    }
    return refs;
}

std::string PersonKeys::reveal(std::string_view text) {
    const auto sealed = find_sealed(text);
    if (!sealed || sealed->whole != text) return std::string{text};
    const std::string name{sealed->key_name};
    const auto key = find_or_nothing(name);
    auto plaintext = key ? key->open(name, text) : std::nullopt;
    return plaintext ? *std::move(plaintext) : std::string{erased_text};
}

void PersonKeys::replace(std::string& text, bool json) {
    auto sealed = find_sealed(text);
    if (!sealed) return;
    std::string out;
    out.reserve(text.size());
    std::size_t done = 0;
    while (sealed) {
        const auto begin = static_cast<std::size_t>(sealed->whole.data() - text.data());
        out.append(text, done, begin - done);
        const auto plaintext = reveal(sealed->whole);
        if (json)
            append_escaped(out, plaintext);
        else
            out += plaintext;
        done = begin + sealed->whole.size();
        sealed = find_sealed(text, done);
    }
    out.append(text, done);
    text = std::move(out);
}

void PersonKeys::destroy(std::vector<KeyRef> refs,
                         std::function<void(StoreResult<std::size_t>)> done) {
    {
        const std::lock_guard lock{mutex_};
        destructions_.push_back({std::move(refs), std::move(done)});
    }
    arrived_.notify_one();
}

StoreResult<std::size_t> PersonKeys::destroy_now(const std::vector<KeyRef>& refs) {
    auto destroyed = store_->destroy(refs);
    // Whatever was read meanwhile is forgotten, too.
    const std::lock_guard lock{mutex_};
    for (const auto& ref : refs)
        if (auto* cached = cache_.find(ref.name)) cached->reset();
    return destroyed;
}

void PersonKeys::run() {
    std::unique_lock lock{mutex_};
    while (true) {
        arrived_.wait(lock, [this] { return stopping_ || has_work(); });
        if (!has_work()) return;
        auto keys = std::exchange(new_, {});
        auto destructions = std::exchange(destructions_, {});
        std::vector<KeyRef> refused;
        for (const auto& [name, ref] : to_forget_) refused.push_back(ref);
        lock.unlock();
        // Before a new key of the same name is written.
        if (!refused.empty()) forget(refused);
        if (!keys.empty()) write_new(std::move(keys));
        for (auto& each : destructions) each.done(destroy_now(each.refs));
        lock.lock();
    }
}

// One that cannot be forgotten opens nothing.
void PersonKeys::forget(const std::vector<KeyRef>& refs) {
    if (const auto forgotten = store_->forget(refs); !forgotten)
        log::warning("person_keys_left", {{"detail", forgotten.error().detail}});
    const std::lock_guard lock{mutex_};
    for (const auto& ref : refs) {
        to_forget_.erase(ref.name);
        // Somebody who read it meanwhile may have put it back.
        if (auto* cached = cache_.find(ref.name)) cached->reset();
    }
}

// The sync is done without the lock: those who know their key do not wait for those who are new.
void PersonKeys::write_new(std::vector<NewKey> keys) {
    std::vector<StoredKey> stored;
    for (const auto& key : keys) stored.push_back(key.stored);
    const auto written = store_->put(stored);
    std::vector<std::pair<Waiting, const NewKey*>> told;
    {
        const std::lock_guard lock{mutex_};
        for (const auto& key : keys) {
            const auto& name = key.stored.ref.name;
            auto waiting = waiting_.extract(name);
            if (written) {
                cache_.put(name, key.key);
                trials_.insert_or_assign(name,
                                         Trial{key.stored.ref, key.key, waiting.mapped().size()});
            }
            for (auto& each : waiting.mapped()) told.emplace_back(std::move(each), &key);
        }
    }
    for (const auto& [done, key] : told) {
        if (written)
            done(Sealer{key->stored.ref.name, key->key});
        else
            done(std::unexpected(written.error()));
    }
}

}  // namespace yeyak::privacy
