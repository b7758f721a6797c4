// What the door answers, who acts then, and what a program reaches.
#include "api/access/front_door.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "api/access/refused_tokens.h"
#include "api/routes/common.h"
#include "tests/api/guarded_server.h"

namespace yeyak::program {
namespace {

using http::Method;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view event = R"({"type":"noted","data":{}})";
constexpr std::string_view order =
    R"({"userId":1,"userAddress":"seoul","productId":1,"productName":"fold","price":1300000,)"
    R"("cardNo":"1234-1234-1234-1234"})";

class FrontDoorTest : public GuardedServer {
  protected:
    std::string as(std::string role, std::string subject = "user:1") const {
        return token_of({.subject = std::move(subject), .roles = {std::move(role)}});
    }
    std::string program(std::vector<std::string> read, std::vector<std::string> write) const {
        return token_of({.subject = "shop",
                         .roles = {"program"},
                         .may_read = std::move(read),
                         .may_write = std::move(write)});
    }
    void refused(const Ask& ask, int status, std::string_view code, std::string_view challenge) {
        const auto answer = send(ask);
        EXPECT_EQ(answer.status, status) << answer.body;
        EXPECT_EQ(answer.problem_code, code);
        EXPECT_EQ(answer.headers.find("WWW-Authenticate").value_or(""), challenge);
    }
    http::Response append(const std::string& stream, const std::string& token,
                          http::Headers headers = {}) {
        return send(
            {Method::post, "/streams/" + stream, token, std::string{event}, std::move(headers)});
    }
    std::string events(const std::string& token) {
        return send({Method::get, "/events", token}).body;
    }
};

TEST_F(FrontDoorTest, says_that_a_token_is_needed_and_nothing_of_what_is_behind) {
    const std::string bearer = R"(Bearer realm="yeyak")";
    refused({Method::get, "/events"}, 401, "not_authenticated", bearer);
    refused({Method::head, "/events"}, 401, "not_authenticated", bearer);
    refused({Method::get, "/no/such/path"}, 401, "not_authenticated", bearer);
    refused({Method::put, "/events"}, 401, "not_authenticated", bearer);
    refused({Method::options, "/events"}, 401, "not_authenticated", bearer);
    // Of another scheme than is known here.
    refused({Method::get, "/events", "Basic dXNlcjpwdw=="}, 401, "not_authenticated", bearer);
    // Who may come hears what there is not.
    EXPECT_EQ(send({Method::get, "/no/such/path", as("customer")}).problem_code, "not_found");
    EXPECT_EQ(send({Method::put, "/events", as("customer")}).problem_code, "method_not_allowed");
}

TEST_F(FrontDoorTest, lets_a_preflight_in_and_what_is_for_anybody) {
    const http::Headers preflight = {{"Origin", "https://shop.example"},
                                     {"Access-Control-Request-Method", "POST"}};
    EXPECT_EQ(send({Method::options, "/commits", {}, {}, preflight}).status, 204);
    EXPECT_EQ(send({Method::get, "/problems"}).status, 200);
    EXPECT_EQ(send({Method::head, "/actuator/health/liveness"}).status, 200);
    // Also for who has a token that counts no more.
    EXPECT_EQ(send({Method::get, "/problems", "Bearer old"}).status, 200);
    EXPECT_THAT(faults_, ElementsAre());
}

TEST_F(FrontDoorTest, does_not_say_why_a_token_does_not_count) {
    const std::string invalid = R"(Bearer realm="yeyak", error="invalid_token")";
    const auto late = token_of({.roles = {"operator"}, .issued_ms_ago = 2 * hour_ms});
    const auto others = token_of({.roles = {"operator"}, .audience = "others"});
    for (const auto& token : {late, others, std::string{"Bearer "}, std::string{"Bearer a.b.c"},
                              token_of({.roles = {"operator"}}, *stranger_)})
        refused({Method::get, "/events", token}, 401, "invalid_token", invalid);
    ASSERT_EQ(faults_.size(), 5U);
    EXPECT_EQ(faults_[0], auth::Fault::expired);
    EXPECT_EQ(faults_[1], auth::Fault::wrong_audience);
    const auto told = send({Method::get, "/events", late});
    EXPECT_THAT(told.body, Not(HasSubstr(std::string{auth::to_text(auth::Fault::expired)})));
    EXPECT_EQ(told.body, send({Method::get, "/events", others}).body);
    EXPECT_THAT(told.body, Not(HasSubstr(late.substr(7, 20))));
}

TEST_F(FrontDoorTest, a_feed_that_ends_with_its_token_is_no_attempt) {
    auto request = request_of({Method::get, "/events", as("auditor")});
    const auto* route = router_.resolve(request).route;
    EXPECT_FALSE(run(door_->admit(request, route)));
    tokens_->revoke("user:1", clock_.now());
    EXPECT_TRUE(run(door_->admit(request, route)));
    EXPECT_THAT(faults_, ElementsAre());
    request.caller = nullptr;
    EXPECT_TRUE(run(door_->admit(request, route)));
    EXPECT_THAT(faults_, ElementsAre(auth::Fault::revoked));
}

TEST_F(FrontDoorTest, takes_one_token_from_one_place) {
    const std::string invalid = R"(Bearer realm="yeyak", error="invalid_request")";
    const auto token = as("operator");
    refused({Method::get, "/events", token, {}, {{"authorization", token}}}, 400,
            "several_authorizations", invalid);
    refused({Method::get, "/events", token, {}, {}, Parameters{{"access_token", "a"}}}, 400,
            "token_in_query", invalid);
    EXPECT_EQ(send({Method::get, "/events", "bearer  " + token.substr(7)}).status, 200);
}

TEST_F(FrontDoorTest, a_role_that_may_not_is_told_so) {
    const std::string scope = R"(Bearer realm="yeyak", error="insufficient_scope")";
    refused({Method::get, "/events", as("customer")}, 403, "insufficient_scope", scope);
    refused({Method::get, "/events", as("nobody")}, 403, "insufficient_scope", scope);
    refused({Method::head, "/events", as("customer")}, 403, "insufficient_scope", scope);
    refused({Method::post, "/audit/backups", as("auditor")}, 403, "insufficient_scope", scope);
    // Before anybody looks at the body.
    refused({Method::post, "/commits", as("customer"), "<xml>"}, 403, "insufficient_scope", scope);
}

// --- who acts
// --------------------------------------------------------------------------------------

TEST_F(FrontDoorTest, who_acts_is_whose_token_it_is) {
    const auto token = program({"own-"}, {"own-"});
    EXPECT_EQ(append("own-1", token).status, 201);
    EXPECT_EQ(append("own-1", token, {{"X-Actor", "shop"}}).status, 201);
    EXPECT_EQ(append("own-1", token, {{"X-Actor", "user:9"}}).problem_code, "actor_not_yours");
    const auto named = send(
        {Method::post, "/streams/own-1", token, R"({"type":"noted","data":{},"actor":"user:9"})"});
    EXPECT_EQ(named.problem_code, "actor_not_yours");
    EXPECT_EQ(named.status, 403);
    const auto told = events(token);
    EXPECT_THAT(told, HasSubstr(R"("actor":"shop")"));
    EXPECT_THAT(told, Not(HasSubstr("user:9")));
}

TEST_F(FrontDoorTest, a_customer_speaks_for_nobody_else) {
    const auto answer = send({Method::post,
                              "/preReservations",
                              as("customer"),
                              std::string{order},
                              {{"X-Actor", "user:2"}}});
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(answer.problem_code, "actor_not_yours");
    EXPECT_THAT(events(as("auditor")), HasSubstr(R"("events":[])"));
}

TEST_F(FrontDoorTest, an_operator_may_act_for_another_and_both_are_recorded) {
    const auto token = as("operator", "operator:1");
    EXPECT_EQ(append("own-1", token, {{"X-Actor", "user:9"}}).status, 201);
    const auto told = events(token);
    EXPECT_THAT(told, HasSubstr(R"("actor":"user:9")"));
    EXPECT_THAT(told, HasSubstr("http/c-1 by operator:1 from 192.0.2.0/24"));
}

TEST_F(FrontDoorTest, a_key_belongs_to_the_subject) {
    auto request = request_of({Method::post, "/commits"});
    request.headers.add("Idempotency-Key", "k");
    const auto key_of = [&](std::string subject, std::string_view actor) {
        auto caller = std::make_shared<http::Caller>();
        caller->subject = std::move(subject);
        request.caller = caller;
        request.headers.set("X-Actor", actor);
        std::string key;
        std::string fingerprint;
        EXPECT_FALSE(api::take_idempotency_key(request, "s", key, fingerprint));
        return key;
    };
    EXPECT_EQ(key_of("user:1", "user:1"), "s/k user:1");
    EXPECT_EQ(key_of("user:2", "user:2"), "s/k user:2");
    EXPECT_EQ(key_of("operator:1", "user:1"), "s/k operator:1 user:1");
}

// --- programs
// --------------------------------------------------------------------------------------

TEST_F(FrontDoorTest, a_program_writes_and_reads_below_its_prefixes) {
    const auto mine = program({"own-"}, {"own-"});
    EXPECT_EQ(append("own-1", mine).status, 201);
    EXPECT_EQ(append("owner-1", mine).problem_code, "stream_not_yours");
    EXPECT_EQ(append("theirs-1", as("operator")).status, 201);
    const auto reader = program({"own-"}, {});
    EXPECT_EQ(append("own-1", reader).status, 403);
    EXPECT_EQ(send({Method::get, "/streams/own-1", reader}).status, 200);
    EXPECT_EQ(send({Method::get, "/streams/own-1", program({}, {"own-"})}).status, 404);
    // What is somebody else's is as if it were not there.
    const auto others = send({Method::get, "/streams/theirs-1", mine});
    EXPECT_EQ(others.problem_code, "no_such_stream");
    EXPECT_EQ(send({Method::get, "/streams/theirs-1/1", mine}).problem_code, "no_such_stream");
    EXPECT_THAT(events(mine), HasSubstr("own-1@1"));
    EXPECT_THAT(events(mine), Not(HasSubstr("theirs-1")));
    EXPECT_THAT(events(as("auditor")), HasSubstr("theirs-1@1"));
    const auto receipt = [&](std::string position) {
        return send({Method::get,
                     "/audit/receipt",
                     mine,
                     {},
                     {},
                     Parameters{{"position", std::move(position)}}})
            .problem_code;
    };
    EXPECT_NE(receipt("1"), "no_such_event");
    EXPECT_EQ(receipt("2"), "no_such_event");
}

TEST_F(FrontDoorTest, a_commit_of_a_program_is_all_its_own) {
    const auto mine = program({"own-"}, {"own-"});
    const auto commit = [&](std::string_view stream, std::string_view condition) {
        return send({Method::post, "/commits", mine,
                     fmt::format(R"({{"appends":[{{"stream":"{}","events":[{}]}}],)"
                                 R"("conditions":[{}]}})",
                                 stream, event, condition)})
            .problem_code;
    };
    EXPECT_EQ(commit("own-1", R"({"categories":["own"],"after":0})"), "");
    EXPECT_EQ(commit("theirs-1", ""), "stream_not_yours");
    EXPECT_EQ(commit("own-1", R"({"types":["noted"],"after":0})"), "condition_not_yours");
    EXPECT_EQ(commit("own-1", R"({"categories":["own","theirs"],"after":0})"),
              "condition_not_yours");
}

// --- the log
// ---------------------------------------------------------------------------------------

TEST(RefusedTokens, tells_the_first_of_a_kind_within_a_minute) {
    api::RefusedTokens refused;
    const Instant start{60'000};
    EXPECT_EQ(refused.worth_telling("192.0.2.0/24", "expired", start), 0U);
    EXPECT_EQ(refused.worth_telling("192.0.2.0/24", "expired", start), std::nullopt);
    EXPECT_EQ(refused.worth_telling("192.0.2.0/24", "revoked", start), 1U);
    EXPECT_EQ(refused.worth_telling("192.0.2.0/24", "expired", start + 60'000), 0U);
}

TEST(RefusedTokens, does_not_let_the_log_be_filled) {
    api::RefusedTokens refused;
    std::size_t told = 0;
    for (int network = 0; network < 1'000; ++network)
        told += refused.worth_telling(std::to_string(network), "expired", Instant{0}) ? 1 : 0;
    EXPECT_EQ(told, api::RefusedTokens::most_of_a_minute);
    EXPECT_EQ(refused.worth_telling("1", "expired", Instant{60'000}), 940U);
}

TEST(RefusedTokens, are_recorded_together) {
    api::RefusedTokens refused;
    EXPECT_EQ(refused.take(), std::nullopt);
    http::Request request;
    request.peer = "192.0.2.7";
    refused.note(request, auth::Fault::expired, Instant{1});
    refused.note(request, auth::Fault::revoked, Instant{2});
    refused.note(request, auth::Fault::expired, Instant{3});
    const operations::TokensRefused fact{Instant{1},       Instant{3}, 3, {"expired", "revoked"},
                                         {"192.0.2.0/24"}, false};
    EXPECT_EQ(refused.take(), fact);
    EXPECT_EQ(refused.take(), std::nullopt);
    for (int network = 0; network < 30; ++network) {
        request.peer = fmt::format("203.0.{}.7", network);
        refused.note(request, auth::Fault::expired, Instant{4});
    }
    const auto many = refused.take();
    ASSERT_TRUE(many.has_value());
    EXPECT_EQ(many->count, 30);
    EXPECT_EQ(many->networks.size(), api::RefusedTokens::most_networks);
    EXPECT_TRUE(many->more_networks);
}

}  // namespace
}  // namespace yeyak::program
