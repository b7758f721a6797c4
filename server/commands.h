// What changes something: commands for the core, appends of other programs, what operators set and
// do, and what makes personal fields fit to be kept.
//
// Threads: coroutines of the I/O context; each goes on on its own executor. Errors: busy when too
// many commands wait, and nothing was begun; otherwise those of the store.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "aggregates/operations/contract.h"
#include "eventstore/event_store.h"
#include "server/calls/sync_call.h"
#include "server/command_call.h"
#include "server/parts.h"

namespace yeyak::server {

struct AppendCall;
struct AppendOutcome;

using eventstore::StoreResult;

class Commands {
  public:
    explicit Commands(CommandParts parts) : at_(std::move(parts)) {}

    // Gives a command to the core; what is personal in it is sealed first, with a key that is
    // durable, and that is forgotten again when the command is refused. With `is_end` it also waits
    // for the event of the command's stream for which that holds.
    using IsEnd = std::function<bool(const eventstore::RecordedEvent&)>;
    boost::asio::awaitable<StoreResult<Awaited>> execute_and_await(CommandCall call, IsEnd is_end);
    // Records what an operator or auditor did, durably. `cause.actor` is who.
    boost::asio::awaitable<StoreResult<Reply>> record(Cause cause, operations::Event fact);
    // A command that nobody waits for, given before the first request is served.
    void submit_at_start(std::function<Verdict(Unit&)> decide);

    // A synchronous call into a context, to be made before the command that it is part of; the
    // error says why not. See server/calls/sync_calls.h.
    boost::asio::awaitable<std::expected<SyncCall, std::string_view>> call(std::string context,
                                                                           std::int64_t timeout_ms);
    // Appends for other programs, outside the core.
    boost::asio::awaitable<StoreResult<AppendOutcome>> append(AppendCall call);

    bool is_up(std::string_view context) const;
    boost::asio::awaitable<StoreResult<Reply>> set_context(std::string context,
                                                           ContextSetting setting);

    // Masks and tokens of numbers that identify people.
    const privacy::Vault& vault() const { return at_.vault; }
    // Destroys keys; see KeyStore::destroy().
    boost::asio::awaitable<StoreResult<std::size_t>> destroy_keys(
        std::vector<privacy::KeyRef> refs);
    const privacy::PersonKeys& person_keys() const { return at_.keys; }

  private:
    boost::asio::awaitable<StoreResult<Awaited>> execute_personal(CommandCall call, IsEnd is_end);
    boost::asio::awaitable<StoreResult<Awaited>> execute(CommandCall call, Decide decide,
                                                         IsEnd is_end);
    std::string fingerprint_of(const std::string& key, const std::string& hash) const;

    CommandParts at_;
};

}  // namespace yeyak::server
