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
#include <variant>

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
    // The code of the refusal when the stream that a condition is about holds nothing: without the
    // condition the answer would be that one. Empty: the command may begin the stream.
    std::string_view missing = {};
    // Of a command on a stream that is another's by its first event: the category of the stream,
    // with the same number, that says whose it is. Empty: its own stream does.
    std::string_view owner = {};
};

// What is decided; see server/command_call.h for one with personal fields, which are sealed on the
// way and nowhere else.
using Command = std::variant<server::Decide, server::PersonalCommand>;

// `actor` is who it is when the request does not say (X-Actor). `stream` is what the command is
// about, and a condition of the request (precondition.h); without one the request may set none. A
// caller who reaches his own things only is told that a stream of another is missing: so the core
// finds it when it decides, and no stream is made in between.
boost::asio::awaitable<std::expected<Reply, http::Response>> run_command(
    server::Commands& commands, const http::Request& request, const CommandRoute& route,
    std::string actor, Command command, std::string stream = {});

// Also waits until the command's stream holds an event for which `is_end` holds; see
// Commands::execute_and_await().
using IsEnd = std::function<bool(const eventstore::RecordedEvent&)>;
boost::asio::awaitable<std::expected<server::Awaited, http::Response>> run_command_until(
    server::Commands& commands, const http::Request& request, const CommandRoute& route,
    std::string actor, Command command, IsEnd is_end, std::string stream = {});

// The answer when a synchronous call could not be made: 503 with Retry-After and a message for
// people, in both languages.
http::Response not_called(const http::Request& request, std::string_view context,
                          std::string_view reason, std::string_view message);

// Says where the command stands in the log, and whether this is an earlier answer again.
void finish(http::Response& response, const Reply& reply);

// The events of a reply's stream, from the first to the reply's version.
StoreResult<std::vector<EventPtr>> history_of(const server::Reads& reads, const Reply& reply);

// The stream of a contract's aggregate: what a condition is about.
template <class Contract>
std::string stream_of(std::int64_t id) {
    return yeyak::stream_of(Contract::category, std::to_string(id));
}

// The number of a path: /orders/17. A problem (404) when it is none.
std::expected<std::int64_t, http::Response> id_of(const http::Request& request);

}  // namespace yeyak::api
