// The words of HTTP as handlers see them: plain structs, no sockets and no parser types.
//
// A handler takes a Request and gives a Response; it runs on the executor of its connection, so it
// may keep references to its Request until it returns. A handler refuses by returning a problem
// (problem.h) and may throw only for bugs: the server answers those with an opaque 500.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/http/caller.h"
#include "kernel/parameters.h"

namespace yeyak::http {

enum class Method { get, head, post, put, patch, delete_, options };

std::string_view to_string(Method method);
std::optional<Method> parse_method(std::string_view name);  // case-sensitive, as the RFC says

// Compares two names of fields, types or tokens without regard to ASCII case.
bool same_name(std::string_view a, std::string_view b);

// Header fields: names compare without regard to case.
class Headers {
  public:
    Headers() = default;
    Headers(std::initializer_list<NamedValue> fields) : fields_(fields) {}

    void add(std::string_view name, std::string_view value);
    void set(std::string_view name, std::string_view value);  // replaces every field of the name
    std::optional<std::string_view> find(std::string_view name) const;  // the first one
    bool contains(std::string_view name) const { return find(name).has_value(); }
    std::vector<std::string_view> all(std::string_view name) const;

    auto begin() const { return fields_.begin(); }
    auto end() const { return fields_.end(); }
    std::size_t size() const { return fields_.size(); }
    void clear() { fields_.clear(); }
    bool operator==(const Headers&) const = default;

  private:
    std::vector<NamedValue> fields_;
};

struct Request {
    Method method = Method::get;
    std::string target;  // as sent: "/streams/a%2Fb?limit=10"
    std::string path;  // decoded and without the query: "/streams/a/b"; for people, not for routing
    Parameters query;
    Headers headers;
    std::string body;
    int version = 11;  // 10 or 11

    Parameters path_parameters;       // filled by the router: {"stream", "a/b"}
    std::string_view preferred_type;  // filled by the router: the type of answer the client likes
    bool keep_alive = true;
    std::string correlation_id;  // always set by the server, and echoed in the answer
    std::string peer;            // address of the client, without the port; see proxies.h
    std::string authority;       // "shop.example:8080": the host that the client asked for
    std::string base;            // "https://shop.example": what the client puts before a path
    std::shared_ptr<const Caller> caller;  // null: nobody was asked who he is
    // Who the client is by the certificate that he showed and that was verified, as TlsStream gives
    // it: "dns:orders.example". Empty: he showed none.
    std::string client_certificate;

    // Set by the server: waits until others had their turn.
    std::function<boost::asio::awaitable<void>()> turn;
    // Lets the others go first. A handler that works for longer than some milliseconds does it in
    // steps, and awaits this between them.
    boost::asio::awaitable<void> let_others_go() const;
    // Set by the server: counts what the handler holds, in the budget of all clients.
    std::function<bool(std::size_t bytes)> count;
    // Holds so many bytes, instead of what was said before, until the answer is there. False when
    // there is no room: then the handler gives up. What is small is always granted.
    [[nodiscard]] bool hold(std::size_t bytes) const { return !count || count(bytes); }

    // Set by the server: whether the client has closed its end of the connection.
    std::function<bool()> is_gone;
    // True when nobody waits for the answer any more. A handler that works in steps asks between
    // them, and ends with nobody_waits().
    bool gone() const { return is_gone && is_gone(); }

    std::string_view raw_path() const;  // the target without the query, not decoded
    std::string_view parameter(std::string_view name) const { return path_parameters[name]; }
    std::optional<std::string_view> header(std::string_view name) const {
        return headers.find(name);
    }
};

// The server's end of a streamed answer. Used on the executor of the connection only.
class StreamWriter {
  public:
    virtual ~StreamWriter() = default;

    // Sends the bytes at once as one piece. False when nothing more can be sent: the client has
    // gone, it read too slowly, or the server drains; the stream should then return.
    virtual boost::asio::awaitable<bool> write(std::string bytes) = 0;

    // Lets the others go first. To be awaited before anything that takes more than some
    // microseconds, such as making the next piece.
    virtual boost::asio::awaitable<void> turn() = 0;

    // True once the client has gone or the server drains.
    virtual bool closing() const = 0;

    // Calls back once, on this executor, when closing() becomes true (at once if it is already):
    // for a stream that waits for news and must be woken. An empty function withdraws it.
    virtual void on_closing(std::function<void()> callback) = 0;

    // For how long the piece under way has waited for its client to read; zero when none waits.
    virtual std::chrono::steady_clock::duration standing_still() const = 0;

    // Ends the stream at once, for the sake of others; its client sees it cut short.
    virtual void cut() = 0;
};

using Stream = std::function<boost::asio::awaitable<void>(StreamWriter&)>;

struct Response {
    int status = 200;
    std::string content_type;  // empty: no Content-Type is sent
    Headers headers;           // beyond those the server writes itself (Date, Content-Length, ...)
    std::string body;
    std::string problem_code;  // of a refusal; see problem.h
    // Of what is shown, when it has one, such as the version of a stream; the server makes the ETag
    // of it and of the body.
    std::string revision;
    Stream stream;  // when set, it produces the body instead, and the connection closes after it
};

using Handler = std::function<boost::asio::awaitable<Response>(Request&)>;

Response json(int status, std::string body);
Response no_content();
// The end of a handler whose client has gone: 499, which is of no RFC and is sent to nobody; the
// log of requests has it.
Response nobody_waits();
Response text(int status, std::string body);
// A stream of server-sent events: text/event-stream, never cached.
Response event_stream(Stream stream);

std::string_view reason_phrase(int status);

}  // namespace yeyak::http
