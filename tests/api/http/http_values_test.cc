// The small values: fields, escapes, problems, negotiation, the head of an answer.
#include <gtest/gtest.h>

#include "api/http/answer.h"
#include "api/http/negotiation.h"
#include "api/http/problem.h"
#include "kernel/percent.h"

namespace yeyak::http {
namespace {

using namespace std::string_literals;

TEST(Headers, find_without_regard_to_case_and_keep_order) {
    Headers headers{{"Accept", "a"}, {"X", "1"}, {"accept", "b"}};
    EXPECT_EQ(headers.find("ACCEPT"), "a");
    EXPECT_EQ(headers.all("accept"), (std::vector<std::string_view>{"a", "b"}));
    EXPECT_FALSE(headers.find("Accep"));
    headers.set("aCCept", "c");
    EXPECT_EQ(headers, (Headers{{"X", "1"}, {"aCCept", "c"}}));
}

TEST(Methods, are_known_by_their_exact_names) {
    for (const char* name : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
        EXPECT_EQ(to_string(parse_method(name).value()), name);
    EXPECT_FALSE(parse_method("Get"));
    EXPECT_FALSE(parse_method(""));
}

TEST(Escapes, decode_strictly) {
    EXPECT_EQ(percent_decode("a%2fb%2F+"), "a/b/+");
    EXPECT_EQ(query_decode("a+b%2B"), "a b+");
    for (const char* bad : {"%", "%1", "%1g", "%g1", "%00", "a%0", "%+1"})
        EXPECT_FALSE(percent_decode(bad)) << bad;
}

TEST(Escapes, encode_what_they_decode) {
    std::string every;
    for (int c = 1; c < 256; ++c) every += static_cast<char>(c);
    EXPECT_EQ(percent_decode(percent_encode(every)), every);
    EXPECT_EQ(percent_encode("a b/~"), "a%20b%2F~");
}

TEST(Problem, has_the_members_of_the_rfc_and_ours) {
    Problem p;
    p.status = 409;
    p.code = "seat_taken";
    p.detail = "seat \"A1\"\nis taken";
    p.field = "seat";
    p.extra = {{"position", "7"}, {"by", json_string("an\tn")}};
    const Response response = problem(p);
    EXPECT_EQ(response.status, 409);
    EXPECT_EQ(response.content_type, "application/problem+json");
    EXPECT_EQ(response.body,
              R"({"type":"/problems#seat_taken","title":"Conflict","status":409,)"
              R"("code":"seat_taken","detail":"seat \"A1\"\nis taken","field":"seat",)"
              R"("position":7,"by":"an\u0009n"})");
}

TEST(Problem, leaves_out_what_is_not_given) {
    EXPECT_EQ(problem(404, "not_found", "").body,
              R"({"type":"/problems#not_found","title":"Not Found","status":404,)"
              R"("code":"not_found"})");
}

TEST(Problem, says_of_which_request_it_is_once_it_is_sent) {
    Request request;
    request.target = "/x?y=\"";
    request.base = "https://shop.example";
    request.correlation_id = "c-1";
    Response response = problem(404, "not_found", "");
    complete_problem(request, response);
    EXPECT_EQ(response.problem_code, "not_found");
    EXPECT_EQ(response.body,
              R"({"type":"https://shop.example/problems#not_found","title":"Not Found",)"
              R"("status":404,"code":"not_found","instance":"/x?y=\"","correlationId":"c-1"})");
    Response fine = json(200, "{}");
    complete_problem(request, fine);
    EXPECT_EQ(fine.body, "{}");
}

TEST(JsonString, is_always_valid_utf8) {
    EXPECT_EQ(json_string("\xEC\x98\x88\xEC\x95\xBD"), "\"\xEC\x98\x88\xEC\x95\xBD\"");
    EXPECT_EQ(json_string("\\\"\x01\x1F\0"s), R"("\\\"\u0001\u001f\u0000")");
    const std::string replaced = "\"\xEF\xBF\xBDx\"";
    EXPECT_EQ(json_string("\x80x"), replaced);
    EXPECT_EQ(json_string("\xFFx"), replaced);
    EXPECT_EQ(json_string("\xC3x"), replaced);
    EXPECT_EQ(json_string("a\xE2\x82"), "\"a\xEF\xBF\xBD\xEF\xBF\xBD\"");
    for (const char* bad : {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                            "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80"})
        EXPECT_EQ(json_string(bad).find(bad), std::string::npos);
    EXPECT_EQ(json_string("\xF0\x9F\x98\x80"), "\"\xF0\x9F\x98\x80\"");
}

using Offered = std::vector<std::string>;

std::optional<std::string_view> choose(std::string_view accept) {
    static const Offered offered{"application/json", "application/hal+json", "text/event-stream"};
    return preferred_type(Headers{{"Accept", std::string{accept}}}, offered);
}

TEST(Accept, chooses_the_type_the_client_likes_best) {
    EXPECT_EQ(choose("*/*"), "application/json");
    EXPECT_EQ(choose(""), "application/json");
    EXPECT_EQ(choose("text/*"), "text/event-stream");
    EXPECT_EQ(choose("Application/HAL+JSON"), "application/hal+json");
    EXPECT_EQ(choose("application/json;q=0.5, application/hal+json;q=0.8"), "application/hal+json");
    EXPECT_EQ(choose("*/*;q=0.1, application/hal+json; q=0.2"), "application/hal+json");
    EXPECT_EQ(choose("application/json;q=0, */*"), "application/hal+json");
    EXPECT_EQ(choose("text/html, application/xhtml+xml, */*;q=0.8"), "application/json");
    EXPECT_EQ(choose("text/event-stream;q=0.001"), "text/event-stream");
}

TEST(Accept, may_be_met_by_nothing) {
    EXPECT_FALSE(choose("text/html"));
    EXPECT_FALSE(choose("image/*, application/json;q=0, application/hal+json;q=0.000"));
    EXPECT_FALSE(choose("*/*;q=0"));
}

TEST(Accept, of_several_fields_is_one_list) {
    const Headers headers{{"Accept", "text/html"}, {"accept", "application/hal+json"}};
    const Offered offered{"application/json", "application/hal+json"};
    EXPECT_EQ(preferred_type(headers, offered), "application/hal+json");
    EXPECT_EQ(preferred_type(Headers{}, offered), "application/json");
    EXPECT_EQ(preferred_type(headers, Offered{}), "");
}

TEST(Answer, is_written_in_one_piece) {
    Response response = json(201, "{}");
    response.headers.add("Location", "/x");
    AnswerShape shape;
    shape.correlation_id = "c1";
    shape.date = "now";
    std::string out;
    append_answer(out, response, shape, true);
    EXPECT_EQ(out,
              "HTTP/1.1 201 Created\r\nDate: now\r\nContent-Type: application/json\r\n"
              "Content-Length: 2\r\nX-Correlation-Id: c1\r\nLocation: /x\r\n\r\n{}");
}

TEST(Answer, refuses_fields_that_break_out_of_their_line) {
    Response response = json(200, "{}");
    EXPECT_TRUE(can_be_sent(response));
    for (const std::string& value : {"a\r\nSet-Cookie: x"s, "a\nb"s, "a\rb"s, "a\0b"s}) {
        response.headers = Headers{{"Location", value}};
        EXPECT_FALSE(can_be_sent(response)) << value;
    }
    response.headers = Headers{{"a b", "x"}};
    EXPECT_FALSE(can_be_sent(response));
    response.headers = Headers{{"", "x"}};
    EXPECT_FALSE(can_be_sent(response));
    response.headers.clear();
    response.content_type = "text/plain\r\nX: y";
    EXPECT_FALSE(can_be_sent(response));
    response.content_type = "text/plain";
    for (const int status : {0, 100, 199, 600}) {
        response.status = status;
        EXPECT_FALSE(can_be_sent(response)) << status;
    }
}

TEST(Date, is_the_form_of_the_rfc) {
    DateText date;
    const std::chrono::system_clock::time_point then{std::chrono::seconds{784111777}};
    EXPECT_EQ(date.at(then), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(date.at(then + std::chrono::milliseconds{999}), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(date.at(then + std::chrono::seconds{23}), "Sun, 06 Nov 1994 08:50:00 GMT");
}

}  // namespace
}  // namespace yeyak::http
