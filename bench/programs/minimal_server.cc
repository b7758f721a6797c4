// The yardstick for appends over HTTP: the least a server must do to be an event store. It parses
// the event, checks the expected version in memory, commits event, index key and one view row with
// one synced write for everything that queued up, and answers 201 with position and version.
// No envelope, no idempotency, no sagas, no subscriptions, no limits: the product does all of that.
//
//   bench_minimal_server --port N --data DIR
//
//   one io thread:  read -> parse -> version check -+                   +-> answer
//   one writer thread:                              +-> batch -> sync --+
#include <fmt/format.h>
#include <simdjson.h>

#include <exception>
#include <optional>
#include <string>
#include <unordered_map>

#include "bench/arguments.h"
#include "bench/group_commit.h"
#include "bench/http_server.h"
#include "bench/raw_store.h"

namespace yeyak::bench {
namespace {

std::string response(std::string_view status, std::string_view body) {
    return fmt::format(
        "HTTP/1.1 {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}", status,
        body.size(), body);
}

// The row that the event leaves behind, or nothing when the body is not an event.
class EventReader {
  public:
    std::optional<std::string> row_of(std::string_view body) {
        const simdjson::padded_string padded(body);
        simdjson::ondemand::document document;
        std::string_view type;
        simdjson::ondemand::object data;
        std::string_view raw;
        if (parser_.iterate(padded).get(document) != simdjson::SUCCESS) return std::nullopt;
        if (document["type"].get_string().get(type) != simdjson::SUCCESS) return std::nullopt;
        if (document["data"].get_object().get(data) != simdjson::SUCCESS) return std::nullopt;
        if (data.raw_json().get(raw) != simdjson::SUCCESS) return std::nullopt;
        return std::string(raw);
    }

  private:
    simdjson::ondemand::parser parser_;
};

class MinimalServer {
  public:
    MinimalServer(std::uint16_t port, const std::string& folder)
        : store_(folder),
          server_(port, [this](const auto& connection, const Request& r) { on(connection, r); }),
          commit_(store_, [this](std::vector<Append> done) { answer(std::move(done)); }) {}

    void run() {
        server_.run();
        fmt::print(stderr, "{} events in {} commits\n", commit_.position(), commit_.commits());
    }

  private:
    void on(const std::shared_ptr<Connection>& connection, const Request& request) {
        if (!request.is_post) {
            connection->answer(response(
                "200 OK", fmt::format(R"({{"status":"UP","position":{}}})", commit_.position())));
            return;
        }
        std::optional<std::string> row = events_.row_of(request.body);
        if (!row) {
            connection->answer(response("400 Bad Request", "{}"));
            return;
        }
        std::string stream(request.target.substr(request.target.rfind('/') + 1));
        std::uint64_t& version = versions_[stream];
        if (request.expected_version != "any" &&
            request.expected_version != fmt::format_int(version).c_str()) {
            connection->answer(response("409 Conflict", "{}"));
            return;
        }
        commit_.submit({.connection = connection,
                        .stream = std::move(stream),
                        .event = std::string(request.body),
                        .row = std::move(*row),
                        .position = ++position_,
                        .version = ++version});
    }

    // One hand-over per commit, not one per request.
    void answer(std::vector<Append> done) {
        server_.post([done = std::move(done)] {
            for (const Append& append : done) {
                append.connection->answer(
                    response("201 Created", fmt::format(R"({{"position":{},"version":{}}})",
                                                        append.position, append.version)));
            }
        });
    }

    std::unordered_map<std::string, std::uint64_t> versions_;
    std::uint64_t position_ = 0;
    EventReader events_;
    RawStore store_;
    HttpServer server_;
    GroupCommit commit_;  // last: its thread ends before what it uses
};

}  // namespace
}  // namespace yeyak::bench

int main(int argc, char** argv) try {
    const yeyak::bench::Arguments arguments(argc, argv);
    yeyak::bench::MinimalServer server(static_cast<std::uint16_t>(arguments.number("port")),
                                       arguments.text("data"));
    server.run();
    return 0;
} catch (const std::exception& error) {
    fmt::print(stderr, "minimal_server: {}\n", error.what());
    return 1;
}
