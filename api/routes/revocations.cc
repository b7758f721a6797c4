#include "api/routes/revocations.h"

#include <fmt/format.h>

#include "api/routes/body_impl.h"
#include "api/routes/common.h"
#include "api/routes/route_docs.h"
#include "api/routes/schema.h"
#include "kernel/actor.h"
#include "kernel/normal_number.h"
#include "privacy/person.h"
#include "server/auth/revoked_tokens.h"
#include "server/auth/tokens.h"
#include "server/config/config.h"

namespace yeyak::api {

// Whose tokens, and why.
struct RevocationBody {
    std::string subject;
    std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(RevocationBody, (), (subject, reason))

namespace {

using boost::asio::awaitable;
using http::problem;
using http::Request;
using http::Response;

std::string_view refuse_subject(std::string_view text) {
    return is_actor(text) ? "" : "without blanks";
}
constexpr TextForm subject_form{"^\\S+$", refuse_subject};

const Body<RevocationBody> revocation_body{
    Reading::strict,
    {field(&RevocationBody::subject)
         .length(1, max_actor_characters)
         .form(subject_form)
         .about("as the tokens name it, such as user:1"),
     field(&RevocationBody::reason)
         .length(1, server::longest_revocation_reason)
         .about("it stays in the log for ever, so it should name nobody else")}};

std::string json_of(const operations::TokensRevoked& fact, Position position) {
    std::string out = "{\"subject\":";
    append_json_string(out, fact.subject);
    out += ",\"issuedUntil\":";
    append_json_string(out, to_text(fact.issued_until));
    return out + fmt::format(",\"position\":{}}}", position);
}

awaitable<Response> revoke(const Server& at, server::Tokens& tokens, Request& request) {
    auto body = revocation_body.read(request, at.config.limits);
    if (!body) co_return body.error();
    if (mentions_registration_number(body->subject)) co_return personal_number("subject");
    auto reason = body->reason.value_or("");
    if (privacy::told_for_ever(reason)) co_return personal_number("reason");
    auto cause = cause_of(request, std::string{nobody});
    if (!cause) co_return std::move(cause).error();
    const auto fact =
        server::revocation_of(std::move(body->subject), std::move(reason), at.reads.now());
    const auto recorded = co_await at.commands.record(*std::move(cause), fact);
    // What may stand in the log holds, as it may after the next start.
    if (recorded || recorded.error().kind == eventstore::StoreError::Kind::unknown)
        tokens.revoke(fact.subject, fact.issued_until);
    if (!recorded) co_return problem_of(recorded.error());
    auto response = http::json(201, json_of(fact, recorded->position));
    add_position(response, recorded->position);
    co_return response;
}

http::RouteDoc revoke_doc(const server::LimitsConfig& limits) {
    http::RouteDoc doc;
    doc.tag = "audit";
    doc.summary = "Revoke a subject's tokens";
    doc.description =
        "Tokens of the subject that were issued until now count no more, whoever made them, from "
        "the next request on and after every restart. The revocation is recorded in the log.";
    doc.parameters = {actor()};
    doc.request_schema = revocation_body.schema(limits);
    doc.request_example = R"({"subject":"user:1","reason":"telephone lost"})";
    doc.responses = {{201,
                      "revoked",
                      "application/json",
                      schema::object({{"subject", schema::text},
                                      {"issuedUntil", schema::time},
                                      {"position", schema::number}}),
                      "",
                      {"Yeyak-Position", "Link"}},
                     refused(422, "subject or reason do not fit")};
    return doc;
}

http::RouteDoc keys_doc() {
    http::RouteDoc doc;
    doc.tag = "entrance";
    doc.summary = "Public keys of the tokens that are made here (JWK set)";
    doc.description =
        "RFC 7517. Without a key when the tokens are somebody else's (auth.issuer), or when "
        "`yeyak auth init` was never given.";
    doc.responses = {{200, "the set", "application/json",
                      schema::object({{"keys", schema::list(R"({"type":"object"})")}}), ""}};
    return doc;
}

}  // namespace

void add_token_routes(http::Router& router, const Server& at, server::Tokens& tokens) {
    router.add({http::Method::post, "/auth/revocations",
                [at, &tokens](Request& request) { return revoke(at, tokens, request); },
                revoke_doc(at.config.limits)});
    router.add({http::Method::get, "/.well-known/jwks.json",
                at_once([&tokens](Request&) { return http::json(200, tokens.published_keys()); }),
                keys_doc()});
}

}  // namespace yeyak::api
