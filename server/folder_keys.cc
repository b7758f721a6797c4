#include "server/folder_keys.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "aggregates/engine/stream_system.h"
#include "eventstore/hash.h"
#include "kernel/ensure.h"
#include "privacy/person.h"
#include "server/config/places.h"

namespace yeyak::server {

using eventstore::Table;
using privacy::IfMissing;

namespace {

struct Entry {
    std::string_view key;  // in the table of settings
    std::string KeyIds::* id;
    std::string_view what;
};
constexpr std::array entries{Entry{"key/tokens", &KeyIds::tokens, "the key of tokens"},
                             Entry{"key/signing", &KeyIds::signing, "the audit key"},
                             Entry{"key/persons", &KeyIds::persons, "the folder of persons' keys"}};

StoreError refuse(std::string detail) {
    return {StoreError::Kind::refused_open, std::move(detail)};
}

// What to do about keys that are not those of the log.
std::string way_out(const std::filesystem::path& data) {
    return fmt::format(
        "put them back from your copy of the keys. Only when they are lost for good: `yeyak audit "
        "accept-keys --data {}` goes on with other keys",
        data.string());
}

std::filesystem::path signing_key_of(const ServeConfig& config) {
    return config.audit.key_file.value_or(audit::key_file_in(config.data));
}

std::string id_of(const audit::SigningKey& key) {
    const auto& bytes = key.verifier().public_key();
    const auto digest =
        eventstore::sha256({{reinterpret_cast<const char*>(bytes.data()), bytes.size()}});
    return eventstore::to_hex(digest).substr(0, 16);
}

enum class Access { read, write, make };

StoreResult<PrivacyKeys> open_privacy(const ServeConfig& config, Access access) {
    const auto if_missing = access == Access::make ? IfMissing::make : IfMissing::refuse;
    auto vault = privacy::Vault::open(places_of_tokens(config), if_missing);
    if (!vault) return std::unexpected(refuse(std::move(vault).error()));
    PrivacyKeys keys;
    keys.vault = std::make_unique<privacy::Vault>(*std::move(vault));
    const auto places = places_of_keys(config);
    auto persons = access == Access::read
                       ? privacy::PersonKeys::open_read_only(places, *keys.vault)
                       : privacy::PersonKeys::open(places, *keys.vault, if_missing);
    if (!persons) return std::unexpected(std::move(persons).error());
    keys.persons = *std::move(persons);
    return keys;
}

StoreResult<FolderKeys> open_all(const ServeConfig& config, Access access) {
    auto signing = audit::open_key(signing_key_of(config), config.audit.origin, config.data);
    if (!signing) return std::unexpected(std::move(signing).error());
    auto keys = open_privacy(config, access);
    if (!keys) return std::unexpected(std::move(keys).error());
    return FolderKeys{*std::move(keys), *std::move(signing)};
}

StoreResult<KeyIds> ids_of(const PrivacyKeys& keys) {
    auto persons = keys.persons->id();
    if (!persons) return std::unexpected(std::move(persons).error());
    return KeyIds{keys.vault->id(), "", *std::move(persons)};
}

StoreResult<KeyIds> ids_of(const FolderKeys& keys) {
    auto ids = ids_of(static_cast<const PrivacyKeys&>(keys));
    if (ids) ids->signing = id_of(keys.signing);
    return ids;
}

// Ids that are not known are not compared.
StoreResult<void> expect_same(const KeyIds& recorded, const KeyIds& present,
                              const std::filesystem::path& data) {
    std::vector<std::string> wrong;
    for (const auto& [key, id, what] : entries)
        if (!(recorded.*id).empty() && !(present.*id).empty() && recorded.*id != present.*id)
            wrong.push_back(fmt::format("{} is {}, this log was written with {}", what, present.*id,
                                        recorded.*id));
    if (wrong.empty()) return {};
    return std::unexpected(refuse(fmt::format("{} has keys of another log: {}; {}", data.string(),
                                              fmt::join(wrong, "; "), way_out(data))));
}

StoreResult<void> expect_proven(const eventstore::EventStore& log, const privacy::Vault& vault,
                                People people, const ServeConfig& config) {
    const auto proven = proves(log, vault, people);
    if (!proven) return std::unexpected(proven.error());
    if (*proven) return {};
    return std::unexpected(refuse(fmt::format(
        "the log in {} was begun by an earlier version, which recorded no keys, and nothing in it "
        "proves that {} is its key. When you know that it is: `yeyak audit accept-keys --data {}`",
        config.data.string(), places_of_tokens(config).string(), config.data.string())));
}

// The part behind "PREFIX" and one character; nothing when the text begins otherwise.
std::optional<std::string_view> behind(std::string_view text, std::string_view prefix) {
    if (prefix.empty() || text.size() <= prefix.size() + 1 || !text.starts_with(prefix))
        return std::nullopt;
    return text.substr(prefix.size() + 1);
}

// The handles that an event may have been sealed under, as far as they stand beside it.
std::vector<std::string> handles_of(const eventstore::RecordedEvent& event, People people) {
    std::vector<std::string> handles;
    for (const auto& kind : people) {
        if (!kind.has_key || system_of(event.stream) != kind.system) continue;
        const auto add = [&](std::optional<std::string_view> value) {
            const auto name = kind.recorded_as.empty() ? kind.kind : kind.recorded_as;
            if (value) handles.push_back(person_name(kind.system, name, *value));
        };
        add(behind(event.stream, kind.stream));
        for (const auto& tag : event.data.tags) add(behind(tag, kind.tag));
    }
    return handles;
}

}  // namespace

StoreResult<KeyIds> recorded_keys(const eventstore::EventStore& log) {
    KeyIds keys;
    for (const auto& [key, id, what] : entries) {
        auto value = log.value(Table::setting, key);
        if (!value) return std::unexpected(std::move(value).error());
        keys.*id = std::move(*value).value_or("");
    }
    return keys;
}

StoreResult<void> record_keys(eventstore::EventStore& log, Instant now, const KeyIds& keys) {
    eventstore::Commit commit;
    commit.time = now;
    for (const auto& [key, id, what] : entries)
        commit.writes.push_back({Table::setting, std::string{key}, keys.*id});
    const auto staged = log.stage(std::move(commit));
    if (!staged)
        return std::unexpected(
            StoreError{StoreError::Kind::io,
                       "which keys the log has could not be recorded: " + staged.error().detail});
    if (const auto flushed = log.flush(); !flushed) return std::unexpected(flushed.error());
    return {};
}

StoreResult<bool> proves(const eventstore::EventStore& log, const privacy::Vault& vault,
                         People people) {
    eventstore::AllQuery query;
    while (true) {
        const auto page = log.read_all(query);
        if (!page) return std::unexpected(page.error());
        for (const auto& event : page->events) {
            std::vector<std::string> names;
            privacy::collect_key_names(event->data.payload, names);
            if (names.empty()) continue;
            for (const auto& handle : handles_of(*event, people))
                if (std::ranges::find(names, vault.key_name(handle)) != names.end()) return true;
        }
        if (page->end) return false;
        query.after = page->next_after;
    }
}

std::vector<std::string> missing_keys(const ServeConfig& config) {
    namespace fs = std::filesystem;
    std::vector<std::string> missing;
    const auto expect = [&](std::string_view what, const fs::path& path, const fs::path& inside) {
        // A file with a separator behind its name is none.
        if (!fs::exists(inside.empty() ? path : path / inside))
            missing.push_back(fmt::format("{} {}", what, path.string()));
    };
    expect("the key of tokens", places_of_tokens(config), "");
    expect("the audit key", signing_key_of(config), "");
    const auto persons = places_of_keys(config);
    if (!persons.master.text) expect("the master key", persons.master.file, "");
    expect("the keys of persons in", persons.keys, "CURRENT");
    return missing;
}

StoreResult<audit::SigningKey> open_signing_key(const eventstore::EventStore& log,
                                                const std::filesystem::path& file,
                                                const std::string& origin,
                                                const std::filesystem::path& data) {
    const auto recorded = recorded_keys(log);
    if (!recorded) return std::unexpected(recorded.error());
    if (!recorded->signing.empty() && !std::filesystem::exists(file))
        return std::unexpected(
            refuse(fmt::format("the audit key {} is missing; {}", file.string(), way_out(data))));
    auto key = audit::open_key(file, origin, data);
    if (!key) return key;
    if (auto same = expect_same(*recorded, {"", id_of(*key), ""}, data); !same)
        return std::unexpected(same.error());
    return key;
}

StoreResult<PrivacyKeys> open_privacy_keys(const eventstore::EventStore& log,
                                           const ServeConfig& config, bool write) {
    const auto recorded = recorded_keys(log);
    if (!recorded) return std::unexpected(recorded.error());
    auto keys = open_privacy(config, write ? Access::write : Access::read);
    if (!keys) return keys;
    const auto present = ids_of(*keys);
    if (!present) return std::unexpected(present.error());
    if (auto same = expect_same(*recorded, *present, config.data); !same)
        return std::unexpected(same.error());
    return keys;
}

StoreResult<FolderKeys> open_folder_keys(eventstore::EventStore& log, const ServeConfig& config,
                                         People people, Instant now) {
    const auto recorded = recorded_keys(log);
    if (!recorded) return std::unexpected(recorded.error());
    const bool bound = *recorded != KeyIds{};
    const bool used = bound || log.head() > 0;
    if (const auto missing = missing_keys(config); used && !missing.empty())
        return std::unexpected(refuse(
            fmt::format("keys that the log in {} was written with are "
                        "missing: {}; {}",
                        config.data.string(), fmt::join(missing, ", "), way_out(config.data))));
    auto keys = open_all(config, used ? Access::write : Access::make);
    if (!keys) return keys;
    const auto present = ids_of(*keys);
    if (!present) return std::unexpected(present.error());
    if (auto same = expect_same(*recorded, *present, config.data); !same)
        return std::unexpected(same.error());
    if (bound) return keys;
    if (used)
        if (auto proven = expect_proven(log, *keys->vault, people, config); !proven)
            return std::unexpected(proven.error());
    if (auto done = record_keys(log, now, *present); !done) return std::unexpected(done.error());
    return keys;
}

StoreResult<KeyIds> make_missing_keys(const ServeConfig& config) {
    const auto keys = open_all(config, Access::make);
    if (!keys) return std::unexpected(keys.error());
    return ids_of(*keys);
}

}  // namespace yeyak::server
