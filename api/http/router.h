// The table of routes, and everything that falls out of it: 404, 405 with Allow, HEAD for GET,
// OPTIONS, 406, 415, conditions that a route does not know, and the documentation of the API.
//
// A pattern is "/streams/{stream}/events": a segment is a literal or one parameter. Matching is
// case-sensitive, on the segments as sent, each decoded afterwards, so that "%2F" never splits a
// segment. Where two patterns match, a literal beats a parameter; the pattern is chosen first and
// the method looked up in it. "/x/" is not "/x".
//
// Fill the table at start; afterwards it is read-only and may be shared by threads. A route that
// clashes with another is a bug of the program and ends it.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/http.h"

namespace yeyak::api {
class BodyRules;
}

namespace yeyak::http {

struct ParameterDoc {
    std::string name;
    std::string in = "query";     // path, query or header
    std::string type = "string";  // of JSON Schema
    bool required = false;
    std::string description;
    std::string schema = {};  // JSON text; empty: the type alone
};

struct ResponseDoc {
    int status = 200;
    std::string description;
    std::string content_type = "application/json";  // empty: no body
    std::string schema;                             // JSON text, may be empty
    std::string example;                            // JSON text, may be empty
    // Names of header fields beside those of every answer; see api/routes/header_docs.h.
    std::vector<std::string_view> headers = {};
};

// The JSON Schema of a body. Nothing but the list that bodies are checked by can make one
// (api/routes/body.h).
class BodySchema {
  public:
    BodySchema() = default;
    bool empty() const { return text_.empty(); }
    const std::string& text() const { return text_; }

  private:
    friend class api::BodyRules;
    explicit BodySchema(std::string text) : text_(std::move(text)) {}

    std::string text_;
};

struct BodyDoc {
    std::string content_type;
    BodySchema schema;
    std::string example;  // JSON text
};

// What the OpenAPI document says of a route, and what the router checks of it.
struct RouteDoc {
    std::string summary;
    std::string description;
    std::string tag;
    std::vector<ParameterDoc> parameters;
    BodySchema request_schema;     // empty when the route takes no body
    std::string request_example;   // JSON text
    bool request_required = true;  // false: it may also be left out
    std::vector<BodyDoc> bodies;   // of types in `accepts` whose schema and example are others
    std::vector<ResponseDoc> responses;
    std::vector<std::string> accepts = {"application/json"};  // types of body; empty: any
    // With this field, which no form of a foreign page can have, a body may be of any type.
    std::string any_type_with;
    std::vector<std::string> produces = {"application/json"};  // types of answer; empty: any
};

struct Route {
    Method method = Method::get;
    std::string pattern;
    Handler handler;
    RouteDoc doc;
};

class Router {
  public:
    Router();
    ~Router();
    Router(Router&&) noexcept;
    Router& operator=(Router&&) noexcept;

    void add(Route route);
    // Why the route cannot be added; empty when it can.
    std::string conflict(const Route& route) const;

    // Either the route to run, with the request's path parameters and preferred type filled in, or
    // the answer that refuses (or, for OPTIONS, the answer); `route` is then the one that does not
    // take the request, or null. `pattern` is set when one matched.
    struct Resolution {
        const Route* route = nullptr;
        std::string_view pattern;
        std::optional<Response> answer;
    };
    Resolution resolve(Request& request) const;

    // Resolves and runs. An exception of the handler becomes a 500 that says nothing, and its text
    // goes to `on_error`. For tests and for callers without a server.
    using ErrorCallback = std::function<void(const Request&, std::string_view what)>;
    boost::asio::awaitable<Response> dispatch(Request& request,
                                              ErrorCallback on_error = nullptr) const;

    // Runs the handler of a resolved route, with the same care for exceptions.
    static boost::asio::awaitable<Response> run(const Route& route, Request& request,
                                                const ErrorCallback& on_error);

    // Every route in the order it was added, for the OpenAPI document.
    const std::deque<Route>& routes() const { return routes_; }

  private:
    struct Node;
    using Segments = std::vector<std::string_view>;
    static const Node* match(const Node& node, std::string_view path, Segments& values);
    Resolution refuse_path(const Request& request) const;
    std::vector<std::string> known_below(std::string_view path) const;
    std::string allowed_anywhere() const;

    std::deque<Route> routes_;  // a deque, so that nodes may point into it
    std::unique_ptr<Node> root_;
};

}  // namespace yeyak::http
