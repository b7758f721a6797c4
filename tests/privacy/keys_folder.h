// A folder with keys of persons, and those who ask for them; for tests.
#pragma once
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <fstream>

#include "privacy/person_keys.h"
#include "server/seals.h"
#include "tests/api/temp_folder.h"

namespace yeyak::api {

namespace fs = std::filesystem;
using boost::asio::awaitable;

inline std::string all_bytes(const fs::path& folder) {
    std::string all;
    for (const auto& file : fs::recursive_directory_iterator{folder}) {
        if (!file.is_regular_file()) continue;
        std::ifstream in{file.path(), std::ios::binary};
        all.append(std::istreambuf_iterator<char>{in}, {});
    }
    return all;
}

inline privacy::StoredKey sample(int number) {
    privacy::StoredKey key;
    key.ref = {fmt::format("{:032x}", number * 7919), privacy::to_hex(privacy::random_bytes(8))};
    key.master = std::string(privacy::MasterKey::id_size, 'm');
    key.wrapped = privacy::random_bytes(60);
    return key;
}

inline std::unique_ptr<privacy::KeyStore> open_store(const fs::path& folder, bool write = true) {
    auto store = privacy::KeyStore::open(folder, write);
    EXPECT_TRUE(store.has_value()) << store.error().detail;
    return *std::move(store);
}

struct Folder : TempFolder {
    privacy::KeyPlaces places() const {
        return {path() / "keys", {path() / "master.key", std::nullopt}};
    }
    privacy::Vault vault() const {
        return *privacy::Vault::open(path() / "card.key", privacy::IfMissing::make);
    }
    // Of those who ask for keys; it outlives the keys, as in the program.
    mutable boost::asio::io_context io;
};

inline std::unique_ptr<privacy::PersonKeys> open_keys(
    const Folder& folder, const privacy::Vault& vault,
    privacy::IfMissing if_missing = privacy::IfMissing::make) {
    auto keys = privacy::PersonKeys::open(folder.places(), vault, if_missing);
    EXPECT_TRUE(keys.has_value()) << keys.error().detail;
    return keys ? *std::move(keys) : nullptr;
}

inline awaitable<void> seal_into(privacy::PersonKeys& keys, std::string handle,
                                 std::string& sealed) {
    const auto seal = co_await server::sealer_of(keys, handle);
    EXPECT_TRUE(seal.has_value());
    sealed = (*seal)(privacy::Address{"12 Jong-ro"}).text();
}

inline std::string seal_for(boost::asio::io_context& io, privacy::PersonKeys& keys,
                            const std::string& handle) {
    std::string sealed;
    io.restart();
    boost::asio::co_spawn(io, seal_into(keys, handle, sealed), boost::asio::detached);
    io.run();
    return sealed;
}

inline awaitable<void> ask_for(privacy::PersonKeys& keys, std::string handle,
                               std::vector<privacy::Sealer>& sealers) {
    auto seal = co_await server::sealer_of(keys, handle);
    EXPECT_TRUE(seal.has_value());
    sealers.push_back(*std::move(seal));
}

// As many commands as want the key of one person at the same time.
inline std::vector<privacy::Sealer> sealers_for(boost::asio::io_context& io,
                                                privacy::PersonKeys& keys,
                                                const std::string& handle, int count = 1) {
    std::vector<privacy::Sealer> sealers;
    io.restart();
    for (int i = 0; i < count; ++i)
        boost::asio::co_spawn(io, ask_for(keys, handle, sealers), boost::asio::detached);
    io.run();
    return sealers;
}

inline std::string seal_with(const privacy::Sealer& seal) {
    return seal(privacy::Address{"12 Jong-ro"}).text();
}

inline bool has_key(const Folder& folder, const privacy::Vault& vault, const std::string& handle) {
    const auto store = open_store(folder.places().keys, false);
    return store->get(vault.key_name(handle))->has_value();
}

inline eventstore::StoreResult<std::size_t> destroy_all_of(privacy::PersonKeys& keys,
                                                           const std::string& handle) {
    const auto refs = keys.refs({keys.name_of(handle)});
    return keys.destroy_now(*refs);
}

}  // namespace yeyak::api
