// Streamed answers and the drain.
#include <gtest/gtest.h>

#include "tests/api/http/test_server.h"

namespace yeyak::http {
namespace {

using namespace testing;
using namespace std::chrono_literals;

TEST(Stream, is_chunked_on_1_1) {
    TestServer server;
    Client client{server.port()};
    client.send(get("/stream?kind=three"));
    const std::string answer = client.rest();
    EXPECT_NE(answer.find("Transfer-Encoding: chunked\r\n"), std::string::npos);
    EXPECT_NE(answer.find("Content-Type: text/event-stream\r\n"), std::string::npos);
    EXPECT_EQ(answer.find("Content-Length"), std::string::npos);
    EXPECT_EQ(body_of(answer),
              "9\r\ndata: 1\n\n\r\n9\r\ndata: 2\n\n\r\n9\r\ndata: 3\n\n\r\n0\r\n\r\n");
}

TEST(Stream, runs_until_close_on_1_0) {
    TestServer server;
    Client client{server.port()};
    client.send("GET /stream?kind=three HTTP/1.0\r\n\r\n");
    const std::string answer = client.rest();
    EXPECT_EQ(answer.find("Transfer-Encoding"), std::string::npos);
    EXPECT_EQ(body_of(answer), "data: 1\n\ndata: 2\n\ndata: 3\n\n");
}

ServerOptions with_passes() {
    ServerOptions options;
    options.refuse = [](const Request& request) -> std::optional<Response> {
        if (!request.target.contains("forbidden")) return std::nullopt;
        return text(403, "refused: data");
    };
    options.last_pass = [](const Request&, std::string_view content_type, std::string& body) {
        const auto at = body.find("data");
        if (at != std::string::npos) body.replace(at, 4, content_type);
        return at != std::string::npos;
    };
    return options;
}

TEST(LastPass, sees_every_piece_of_a_stream) {
    TestServer server{with_passes()};
    Client client{server.port()};
    client.send("GET /stream?kind=three HTTP/1.0\r\n\r\n");
    const std::string piece = "text/event-stream: ";
    EXPECT_EQ(body_of(client.rest()), piece + "1\n\n" + piece + "2\n\n" + piece + "3\n\n");
}

TEST(LastPass, sees_answers_of_the_server_itself_with_their_length) {
    TestServer server{with_passes()};
    Client client{server.port()};
    client.send(get("/forbidden"));
    const auto answer = client.answer();
    EXPECT_EQ(status_of(answer), 403);
    EXPECT_TRUE(body_of(answer).starts_with("refused: text/plain")) << answer;
    client.send(get("/hello"));
    EXPECT_EQ(status_of(client.answer()), 200) << "the connection goes on";
}

std::string seen_again;  // by the door, of a request that is asked again

// Lets in who asks for anything but /echo, and to /stream the first time.
ServerOptions with_a_door() {
    ServerOptions options;
    options.admit = [](Request& request,
                       const Route* route) -> boost::asio::awaitable<std::optional<Response>> {
        auto caller = std::make_shared<Caller>();
        caller->remaining = 100ms;
        const bool again = request.caller != nullptr;
        request.caller = caller;
        if (again) {
            seen_again = request.target + request.body;
            for (const auto& [name, value] : request.headers) seen_again += name + ": " + value;
            co_return text(401, "not any more");
        }
        if (!route) co_return text(401, "nobody");
        if (route->pattern == "/echo") co_return text(403, "not you");
        co_return std::nullopt;
    };
    return options;
}

TEST(StreamOfACaller, ends_when_it_would_not_be_let_in_any_more) {
    TestServer server{with_a_door()};
    Client client{server.port()};
    client.send(get("/stream"));
    EXPECT_TRUE(client.wait_for("data: first"));
    EXPECT_TRUE(client.rest().ends_with("0\r\n\r\n")) << "whole, and not cut";
}

TEST(StreamOfACaller, is_asked_again_with_nothing_but_who_sends_it) {
    {
        TestServer server{with_a_door()};
        Client client{server.port()};
        client.send(get("/stream", "Authorization: Bearer a.b.c\r\nX-Long: text\r\n"));
        EXPECT_TRUE(client.rest().ends_with("0\r\n\r\n"));
    }
    EXPECT_EQ(seen_again, "Authorization: Bearer a.b.c");
}

TEST(Door, is_asked_before_the_handler_and_before_what_the_router_answers) {
    TestServer server{with_a_door()};
    Client client{server.port()};
    client.send(post("/echo", "body", "Content-Type: text/plain\r\n"));
    EXPECT_EQ(body_of(client.answer()), "not you");
    client.send(get("/nowhere"));
    EXPECT_EQ(status_of(client.answer()), 401);
    client.send(post("/hello", "body"));
    EXPECT_EQ(status_of(client.answer()), 401) << "no route takes it";
    client.send(get("/hello"));
    EXPECT_EQ(status_of(client.answer()), 200);
    EXPECT_EQ(server.access_log().front(), "403 /echo ");
}

TEST(Stream, has_no_body_for_head) {
    TestServer server;
    Client client{server.port()};
    client.send("HEAD /stream?kind=three HTTP/1.1\r\nHost: h\r\n\r\n");
    const std::string answer = client.rest();
    EXPECT_EQ(status_of(answer), 200);
    EXPECT_EQ(body_of(answer), "");
}

TEST(Stream, that_fails_is_cut_short) {
    TestServer server;
    Client client{server.port()};
    client.send(get("/stream?kind=fail"));
    EXPECT_EQ(body_of(client.rest()), "9\r\ndata: 1\n\n\r\n");
    ASSERT_TRUE(server.wait_active(0));
    EXPECT_EQ(server.errors(), std::vector<std::string>{"broken stream"});
}

TEST(Stream, learns_that_the_client_has_gone) {
    TestServer server;
    {
        Client client{server.port()};
        client.send(get("/stream"));
        ASSERT_TRUE(client.wait_for("first"));
        ASSERT_EQ(server.server().active(), 1U);
    }
    EXPECT_TRUE(server.wait_active(0));
}

TEST(Stream, with_a_slow_reader_blocks_nobody_and_is_closed) {
    ServerOptions options;
    options.write_deadline = 300ms;
    TestServer server{options};
    Client slow{server.port(), 4096};
    slow.send(get("/stream?kind=flood"));
    ASSERT_TRUE(slow.wait_for("\r\n\r\n"));
    Client good{server.port()};
    for (int i = 0; i < 10; ++i) {
        good.send(get("/hello"));
        ASSERT_EQ(status_of(good.answer()), 200);
    }
    EXPECT_TRUE(server.wait_active(1)) << "the slow reader must have been closed";
}

TEST(Drain, with_nobody_there_ends_at_once) {
    TestServer server;
    EXPECT_EQ(server.drain(10s), 0);
    EXPECT_TRUE(server.server().draining());
    EXPECT_THROW(Client{server.port()}, boost::system::system_error);
}

TEST(Drain, closes_the_idle_and_lets_the_running_finish) {
    TestServer server;
    Client idle{server.port()};
    Client used{server.port()};
    Client busy{server.port()};
    Client writing{server.port()};
    used.send(get("/hello"));
    EXPECT_EQ(status_of(used.answer()), 200);
    busy.send(get("/slow") + get("/hello"));
    writing.send("GET /hello HTTP/1.1\r\n");
    ASSERT_TRUE(server.wait_active(4));
    std::this_thread::sleep_for(50ms);
    server.start_drain(10s);
    EXPECT_EQ(idle.rest(), "");
    EXPECT_EQ(used.rest(), "");
    const std::string answer = busy.rest();
    EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
    EXPECT_TRUE(answer.ends_with("slow")) << "the pipelined request is not begun";
    writing.send("Host: h\r\n\r\n");
    EXPECT_NE(writing.rest().find("Connection: close\r\n"), std::string::npos);
    EXPECT_EQ(server.wait_drained(), 0);
}

TEST(Drain, tells_streams) {
    TestServer server;
    Client waiting{server.port()};
    waiting.send(get("/stream"));
    ASSERT_TRUE(waiting.wait_for("first"));
    EXPECT_EQ(server.drain(10s), 0);
    EXPECT_TRUE(waiting.rest().ends_with("0\r\n\r\n")) << "the stream ends in order";
}

TEST(Drain, cuts_what_is_left_at_the_deadline) {
    TestServer server;
    Client client{server.port()};
    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n");
    ASSERT_TRUE(server.wait_active(1));
    std::this_thread::sleep_for(50ms);
    EXPECT_EQ(server.drain(100ms), 1);
    EXPECT_EQ(client.rest(), "");
    EXPECT_TRUE(server.wait_active(0));
}

TEST(Drain, may_be_abandoned_with_the_process) {
    TestServer server;
    Client client{server.port()};
    client.send(get("/slow"));
    ASSERT_TRUE(server.wait_active(1));
    server.start_drain(10s);
    std::this_thread::sleep_for(20ms);
}

}  // namespace
}  // namespace yeyak::http
