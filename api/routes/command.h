// One command of a system over HTTP: who asked, under which Idempotency-Key, what the core decided,
// and how a refusal is answered. What is left to a system is to read the body and to write the
// answer.
//
//   auto accepted = co_await run_command(commands, request, route, "anonymous", std::move(decide));
//   if (!accepted) co_return std::move(accepted).error();
#pragma once
#include <boost/asio/awaitable.hpp>
#include <expected>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "api/http/http.h"
#include "api/routes/common.h"
#include "server/commands.h"
#include "server/reads.h"

namespace yeyak::api {

// Why a rule refuses a command that comes from outside: every system has a table of them.
struct Refusal {
    std::string_view code;
    int status;
    std::string_view detail;
};

inline constexpr Refusal key_reused{
    code_of(Ended::key_reused), 422,
    "the Idempotency-Key was used before for another request; send a new key"};

struct CommandRoute {
    std::string_view scope;    // keeps the keys of different operations apart: "market/reserve"
    std::string_view context;  // what is said to be stopped when the command meets context_down
    std::span<const Refusal> refusals;
};

using Decide = std::function<Verdict(Unit&)>;

// `actor` is who it is when the request does not say (X-Actor).
boost::asio::awaitable<std::expected<Reply, http::Response>> run_command(
    server::Commands& commands, const http::Request& request, const CommandRoute& route,
    std::string actor, Decide decide);

// Also waits until the command's stream holds an event for which `is_end` holds; see
// Commands::execute_and_await().
using IsEnd = std::function<bool(const eventstore::RecordedEvent&)>;
boost::asio::awaitable<std::expected<server::Awaited, http::Response>> run_command_until(
    server::Commands& commands, const http::Request& request, const CommandRoute& route,
    std::string actor, Decide decide, IsEnd is_end);

// The answer when a synchronous call could not be made: 503 with Retry-After and a message for
// people, in both languages.
http::Response not_called(const http::Request& request, std::string_view context,
                          std::string_view reason, std::string_view message);

// The answer to a refused command.
http::Response refusal(const Reply& reply, const CommandRoute& route);

// Says where the command stands in the log, and whether this is an earlier answer again.
void finish(http::Response& response, const Reply& reply);

// The events of a reply's stream, from the first to the reply's version.
StoreResult<std::vector<EventPtr>> history_of(const server::Reads& reads, const Reply& reply);

// The number of a path: /orders/17. A problem (404) when it is none.
std::expected<std::int64_t, http::Response> id_of(const http::Request& request);

}  // namespace yeyak::api
