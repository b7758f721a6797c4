#include "server/seals.h"

#include <chrono>
#include <memory>
#include <utility>

#include "server/slot.h"

namespace yeyak::server {

using boost::asio::awaitable;
using eventstore::StoreError;
using eventstore::StoreResult;

namespace {

// Longer than any sync takes.
constexpr std::chrono::hours durable_limit{1};

}  // namespace

awaitable<StoreResult<privacy::Sealer>> sealer_of(privacy::PersonKeys& keys, std::string handle) {
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto slot = std::make_shared<Slot<StoreResult<privacy::Sealer>>>(executor);
    keys.of(handle, [slot](StoreResult<privacy::Sealer> sealer) { slot->put(std::move(sealer)); });
    auto made = co_await slot->wait(durable_limit);
    if (!made)
        co_return std::unexpected(
            StoreError{StoreError::Kind::io, "a key of a person was not made durable in an hour"});
    co_return *std::move(made);
}

awaitable<StoreResult<std::size_t>> destroy_keys(privacy::PersonKeys& keys,
                                                 std::vector<privacy::KeyRef> refs) {
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto slot = std::make_shared<Slot<StoreResult<std::size_t>>>(executor);
    keys.destroy(std::move(refs),
                 [slot](StoreResult<std::size_t> destroyed) { slot->put(std::move(destroyed)); });
    auto done = co_await slot->wait(durable_limit);
    if (!done)
        co_return std::unexpected(
            StoreError{StoreError::Kind::io, "keys were not destroyed in an hour; erase again"});
    co_return *std::move(done);
}

}  // namespace yeyak::server
