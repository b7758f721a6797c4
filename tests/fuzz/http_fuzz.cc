// Any bytes at all, as a client may send them. What must hold:
// - the parser makes the same requests of them whole, byte by byte and cut at random;
// - it never takes more than its limits, and says why whenever it refuses;
// - for each request it accepts, Beast reads the same method, target, body and end;
// - the router answers or finds a route for each.
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/http/framing.h"
#include "api/http/router.h"
#include "kernel/ensure.h"

namespace yeyak::http {
namespace {

constexpr FramingLimits limits{2048, 16, 4096};

struct Seen {
    std::vector<std::string> requests;  // each with everything that was understood of it
    std::string end;
    std::size_t used = 0;
    bool operator==(const Seen&) const = default;
};

boost::asio::awaitable<Response> nothing(Request&) { co_return no_content(); }

const Router& routes() {
    static const Router router = [] {
        Router made;
        for (const char* pattern :
             {"/", "/p", "/streams/{stream}", "/streams/all", "/streams/{stream}/events/{event}"}) {
            for (const Method method : {Method::get, Method::post}) {
                Route route;
                route.method = method;
                route.pattern = pattern;
                route.handler = nothing;
                made.add(std::move(route));
            }
        }
        return made;
    }();
    return router;
}

// Beast must see the same request in the same bytes. It is allowed to refuse what it does not
// know of chunk extensions, nothing else.
void check_with_beast(std::string_view bytes, const Request& request) {
    namespace beast_http = boost::beast::http;
    if (bytes.starts_with("\r\n")) bytes.remove_prefix(2);
    beast_http::request_parser<beast_http::string_body> parser;
    parser.eager(true);
    boost::system::error_code ec;
    std::size_t used = 0;
    while (!parser.is_done() && !ec) {
        const std::size_t taken =
            parser.put(boost::asio::buffer(bytes.data() + used, bytes.size() - used), ec);
        used += taken;
        if (ec == beast_http::error::need_more && taken > 0) ec = {};
    }
    const auto& beast = parser.get();
    const bool extension = beast.chunked() && bytes.find(';') != std::string_view::npos;
    if (ec && extension) return;
    ensure(!ec, "Beast accepts what the gate accepted");
    ensure(used == bytes.size(), "Beast sees the same end of the request");
    ensure(beast.target() == request.target, "Beast sees the same target");
    ensure(beast.body() == request.body, "Beast sees the same body");
}

std::string describe(const Request& request) {
    std::string text{to_string(request.method)};
    text += " " + request.target + " " + request.path + " " + std::to_string(request.version);
    text += request.keep_alive ? " keep" : " close";
    for (const NamedValue& field : request.headers) text += "\n" + field.name + ": " + field.value;
    for (const NamedValue& value : request.query) text += "\n" + value.name + "=" + value.value;
    return text + "\n" + request.body;
}

void check_routing(Request& request) {
    const Router::Resolution found = routes().resolve(request);
    ensure(found.answer || found.route, "a route or an answer");
    if (found.answer)
        ensure(found.answer->status == 204 || found.answer->status >= 400, "an answer refuses");
    for (const NamedValue& parameter : request.path_parameters)
        ensure(!parameter.value.empty(), "a path parameter is never empty");
}

template <class PieceSize>
Seen parse(std::string_view bytes, bool check, PieceSize piece_size) {
    RequestParser parser{limits};
    Seen seen;
    std::size_t began = 0;
    while (seen.used < bytes.size()) {
        const std::string_view piece = bytes.substr(seen.used, piece_size());
        seen.used += parser.put(piece);
        if (parser.state() == RequestParser::State::failed) break;
        if (parser.state() != RequestParser::State::complete) continue;
        Request request = parser.take();
        seen.requests.push_back(describe(request));
        ensure(request.body.size() <= limits.body_bytes, "the body is within its limit");
        ensure(request.headers.size() <= limits.fields, "the fields are within their limit");
        if (check) check_with_beast(bytes.substr(began, seen.used - began), request);
        if (check) check_routing(request);
        began = seen.used;
    }
    if (parser.state() == RequestParser::State::failed) {
        ensure(parser.error().status >= 400 && !parser.error().code.empty(), "a refusal says why");
        ensure(parser.error().code != "bad_head", "Beast reads every head the gate let through");
        seen.end = parser.error().code;
    } else {
        seen.end = parser.idle() ? "idle" : parser.awaits_continue() ? "continue" : "waiting";
    }
    return seen;
}

}  // namespace
}  // namespace yeyak::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace yeyak;
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    const auto all = [] { return std::string_view::npos; };
    const auto one = [] { return std::size_t{1}; };
    std::minstd_rand random{static_cast<unsigned>(std::hash<std::string_view>{}(bytes))};
    const auto some = [&random] { return std::size_t{1 + random() % 24}; };
    const http::Seen whole = http::parse(bytes, true, all);
    ensure(http::parse(bytes, false, one) == whole, "byte by byte is the same as whole");
    ensure(http::parse(bytes, false, some) == whole, "random pieces are the same as whole");
    return 0;
}
