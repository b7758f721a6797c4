// What the browsers of other sites' pages are told.
#include "api/http/cors.h"

#include <gtest/gtest.h>

#include "tests/api/http/test_server.h"

namespace yeyak::http {
namespace {

using namespace testing;

const std::string shop = "Origin: https://shop.example\r\n";

ServerOptions shared_with_the_shop() {
    ServerOptions options;
    options.origins = {"https://shop.example"};
    return options;
}

bool holds(const std::string& answer, std::string_view field) {
    return answer.find("\r\n" + std::string{field} + "\r\n") != std::string::npos;
}

std::string options_of(std::string_view path, const std::string& fields) {
    return "OPTIONS " + std::string{path} + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
}

TEST(Cors, a_page_that_is_named_may_read_every_answer) {
    TestServer server{shared_with_the_shop()};
    Client client{server.port()};
    for (const auto* path : {"/hello", "/large", "/none", "/throw"}) {
        client.send(get(path, shop));
        const auto answer = client.answer();
        EXPECT_TRUE(holds(answer, "Access-Control-Allow-Origin: https://shop.example")) << path;
        EXPECT_TRUE(holds(answer, "Access-Control-Expose-Headers: *")) << path;
        EXPECT_TRUE(holds(answer, "Vary: Origin")) << path;
        EXPECT_EQ(answer.find("Allow-Methods"), std::string::npos) << path;
        EXPECT_EQ(answer.find("Credentials"), std::string::npos) << path;
    }
}

TEST(Cors, a_stream_has_the_fields_too) {
    TestServer server{shared_with_the_shop()};
    Client client{server.port()};
    client.send(get("/stream?kind=three", shop));
    EXPECT_TRUE(holds(client.rest(), "Access-Control-Allow-Origin: https://shop.example"));
}

TEST(Cors, nobody_else_is_told_anything) {
    TestServer server{shared_with_the_shop()};
    Client client{server.port()};
    for (const std::string fields : {"", "Origin: https://evil.example\r\n", "Origin: null\r\n",
                                     "Origin: https://shop.example.evil.example\r\n"}) {
        client.send(get("/hello", fields));
        const auto answer = client.answer();
        EXPECT_EQ(answer.find("Access-Control"), std::string::npos) << answer;
        EXPECT_TRUE(holds(answer, "Vary: Origin")) << "a cache keeps it for others";
    }
}

TEST(Cors, is_not_there_by_default) {
    TestServer server;
    Client client{server.port()};
    client.send(get("/hello", shop));
    const auto answer = client.answer();
    EXPECT_EQ(answer.find("Access-Control"), std::string::npos) << answer;
    EXPECT_EQ(answer.find("Vary"), std::string::npos) << answer;
}

// A page that is told nothing but "failed" cannot say why to anybody.
TEST(Cors, a_refusal_at_the_door_can_be_read_by_the_page_too) {
    auto options = shared_with_the_shop();
    options.head_deadline = options.body_deadline = std::chrono::milliseconds{150};
    TestServer server{options};
    const std::string large(9000, 'x');
    const std::pair<int, std::string> refused[] = {
        {413, "POST /echo HTTP/1.1\r\nHost: h\r\n" + shop + "Content-Length: 99999999\r\n\r\n"},
        {408, "POST /echo HTTP/1.1\r\nHost: h\r\n" + shop + "Content-Length: 5\r\n\r\nab"},
        {431, get("/hello", shop + "X: " + large + "\r\n")},
        {408, "GET /hello HTTP/1.1\r\nHost: h\r\norigin:\thttps://shop.example \r\nX: "}};
    for (const auto& [status, request] : refused) {
        Client client{server.port()};
        client.send(request);
        const auto answer = client.rest();
        EXPECT_EQ(status_of(answer), status) << answer;
        EXPECT_TRUE(holds(answer, "Access-Control-Allow-Origin: https://shop.example")) << answer;
        EXPECT_TRUE(holds(answer, "Vary: Origin")) << answer;
    }
    Client stranger{server.port()};
    stranger.send(get("/hello", "Origin: https://evil.example\r\nX: " + large + "\r\n"));
    EXPECT_EQ(stranger.rest().find("Access-Control"), std::string::npos);
}

TEST(Cors, the_question_before_a_command_is_answered_with_what_the_path_takes) {
    TestServer server{shared_with_the_shop()};
    Client client{server.port()};
    const std::string asks = shop +
                             "Access-Control-Request-Method: POST\r\n"
                             "Access-Control-Request-Headers: content-type, idempotency-key\r\n";
    client.send(options_of("/echo", asks));
    const auto answer = client.answer();
    EXPECT_EQ(status_of(answer), 204);
    EXPECT_TRUE(holds(answer, "Access-Control-Allow-Origin: https://shop.example"));
    EXPECT_TRUE(holds(answer, "Access-Control-Allow-Methods: POST, OPTIONS"));
    EXPECT_TRUE(holds(answer, "Access-Control-Allow-Headers: content-type, idempotency-key"));
    EXPECT_TRUE(holds(answer, "Access-Control-Max-Age: 600"));

    client.send(options_of("/echo", shop));
    EXPECT_EQ(client.answer().find("Allow-Methods"), std::string::npos) << "no such question";
    client.send(options_of("/echo",
                           "Origin: https://evil.example\r\n"
                           "Access-Control-Request-Method: POST\r\n"));
    EXPECT_EQ(client.answer().find("Access-Control"), std::string::npos);
    client.send(options_of("/none", asks));
    const auto missing = client.answer();
    EXPECT_EQ(status_of(missing), 404);
    EXPECT_EQ(missing.find("Allow-Methods"), std::string::npos);
}

}  // namespace
}  // namespace yeyak::http
