#include "api/routes/common.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>

#include "eventstore/hash.h"
#include "kernel/normal_number.h"
#include "kernel/percent.h"
#include "kernel/utf8.h"

namespace yeyak::api {

using http::problem;
using http::Problem;
using http::Response;

namespace {

constexpr std::size_t max_key_bytes = 128;

bool is_visible_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

Response unavailable(std::string_view code, std::string_view detail, int retry_after_s) {
    auto response = problem(503, code, detail);
    response.headers.add("Retry-After", std::to_string(retry_after_s));
    return response;
}

bool is_subject(const http::Request& request, std::string_view actor) {
    return request.caller && request.caller->subject == actor;
}

// A coroutine by name: a lambda that captures would be gone before it resumes.
boost::asio::awaitable<Response> now(std::function<Response(http::Request&)> answer,
                                     http::Request& request) {
    co_return answer(request);
}

}  // namespace

std::string network_of(std::string_view address) {
    using namespace boost::asio::ip;
    boost::system::error_code bad;
    auto found = make_address(std::string{address}, bad);
    if (bad) return "nowhere";
    if (found.is_v6() && found.to_v6().is_v4_mapped())
        found = make_address_v4(v4_mapped, found.to_v6());
    if (found.is_v4()) {
        const auto v4 = found.to_v4();
        const auto bits = v4.to_uint();
        const bool names_nobody = v4.is_loopback() || bits >> 24 == 10 || bits >> 20 == 0xac1 ||
                                  bits >> 16 == 0xc0a8 || bits >> 16 == 0xa9fe;
        if (names_nobody) return v4.to_string();
        return address_v4{bits & 0xffffff00}.to_string() + "/24";
    }
    const auto v6 = found.to_v6();
    auto bytes = v6.to_bytes();
    if (v6.is_loopback() || v6.is_link_local() || (bytes[0] & 0xfe) == 0xfc) return v6.to_string();
    std::fill(bytes.begin() + 6, bytes.end(), std::uint8_t{0});
    return address_v6{bytes}.to_string() + "/48";
}

http::Response personal_number(std::string_view field) {
    return problem(
        422, "personal_number",
        fmt::format("{} is recorded for ever, so no number that names a person may stand "
                    "in it",
                    field),
        field);
}

Response actor_not_yours(std::string_view field) {
    return problem(403, "actor_not_yours",
                   "who acts is who the token is for; only an operator may name another", field);
}

std::expected<Cause, Response> cause_of(const http::Request& request, std::string actor) {
    const auto* caller = request.caller.get();
    Cause cause;
    cause.actor = caller ? caller->subject : std::move(actor);
    cause.correlation_id = request.correlation_id;
    const auto told_by = [&](std::string_view who) {
        return fmt::format("http/{}{} from {}", request.correlation_id, who,
                           network_of(request.peer));
    };
    cause.causation_id = told_by("");
    // Made by programs, mostly: of thirteen digits in one nobody can say what they are.
    if (mentions_registration_number(request.correlation_id, Spelling::separated))
        return std::unexpected(personal_number("X-Correlation-Id"));
    const auto given = request.header("X-Actor");
    if (!given) return cause;
    if (mentions_registration_number(*given)) return std::unexpected(personal_number("X-Actor"));
    if (!is_utf8(*given))
        return std::unexpected(problem(422, "bad_utf8", "X-Actor is not UTF-8", "X-Actor"));
    if (!is_actor(*given))
        return std::unexpected(
            problem(400, "bad_actor", "X-Actor is 1 to 64 characters without blanks", "X-Actor"));
    if (is_program(*given))
        return std::unexpected(problem(
            403, "reserved_actor",
            fmt::format("{} is a name of the program; say who you are", *given), "X-Actor"));
    if (caller && *given != caller->subject) {
        if (!caller->may_name_actor) return std::unexpected(actor_not_yours("X-Actor"));
        cause.causation_id = told_by(fmt::format(" by {}", caller->subject));
    }
    cause.actor = *given;
    return cause;
}

std::optional<Response> take_idempotency_key(const http::Request& request, std::string_view scope,
                                             std::string& key, std::string& fingerprint) {
    const auto given = request.header("Idempotency-Key");
    if (!given) return std::nullopt;
    if (given->empty() || given->size() > max_key_bytes || !is_visible_ascii(*given))
        return problem(400, "bad_idempotency_key",
                       "Idempotency-Key is 1 to 128 visible ASCII characters", "Idempotency-Key");
    if (mentions_registration_number(*given, Spelling::separated))
        return personal_number("Idempotency-Key");
    key = fmt::format("{}/{}", scope, *given);
    // No key of a client and no subject holds a blank, so none can be taken for a part of another.
    if (request.caller) key += fmt::format(" {}", request.caller->subject);
    if (const auto actor = request.header("X-Actor"); actor && !is_subject(request, *actor))
        key += fmt::format(" {}", *actor);
    // Without the field as it was before it counted: keys that were given then are still known.
    std::string none_match{request.header("If-None-Match").value_or("")};
    if (!none_match.empty()) none_match += '\n';
    fingerprint = eventstore::to_hex(eventstore::sha256(
        {http::to_string(request.method), " ", request.target, "\n",
         request.header("Expected-Version").value_or(""), "\n",
         request.header("If-Match").value_or(""), "\n", none_match, request.body}));
    return std::nullopt;
}

Response problem_of(const JsonError& error) {
    const bool readable = error.code == "out_of_range";
    const auto detail =
        error.field.empty() ? error.detail : fmt::format("{} {}", error.field, error.detail);
    return problem(readable ? 422 : 400, error.code, detail, error.field);
}

Response problem_of(const StoreError& error) {
    switch (error.kind) {
        case StoreError::Kind::no_space:
            return problem(507, "insufficient_storage", error.detail + "; reads go on");
        case StoreError::Kind::busy:
            return unavailable("busy", "too many commands wait; try again", 1);
        case StoreError::Kind::unknown:
            return unavailable("outcome_unknown",
                               "the log could not be written, the outcome is not known; repeat the "
                               "request with the same Idempotency-Key",
                               5);
        default:
            return problem(500, "store_failed", "the log could not be read; see the server's log");
    }
}

Response context_down(std::string_view context) {
    return unavailable(
        code_of(Ended::context_down),
        fmt::format("{} is stopped; try again later (서비스가 중지되었습니다)", context), 5);
}

http::Handler at_once(std::function<Response(http::Request&)> answer) {
    return [answer = std::move(answer)](http::Request& request) { return now(answer, request); };
}

void add_position(Response& response, Position position, std::uint64_t version,
                  std::string_view stream) {
    response.headers.add("Yeyak-Position", std::to_string(position));
    if (version > 0) response.headers.add("Yeyak-Stream-Version", std::to_string(version));
    if (position > 0) {
        const auto which =
            stream.empty() || version == 0
                ? fmt::format("position={}", position)
                : fmt::format("stream={}&version={}", percent_encode(stream), version);
        response.headers.add("Link", fmt::format("</audit/receipt?{}>; rel=\"describedby\"; "
                                                 "title=\"receipt\"",
                                                 which));
    }
}

std::optional<std::int64_t> parse_number(std::string_view text, const NumberParameter& parameter) {
    std::int64_t number = 0;
    const auto end = text.data() + text.size();
    const auto [read, code] = std::from_chars(text.data(), end, number);
    if (code == std::errc{} && read == end && number >= parameter.least && number <= parameter.most)
        return number;
    return std::nullopt;
}

std::string number_rule(const NumberParameter& parameter) {
    return fmt::format("is a whole number from {} to {}", parameter.least, parameter.most);
}

}  // namespace yeyak::api
