// The server over real sockets: answers, order, keep-alive and the rules of each version.
#include "api/http/server.h"

#include <gtest/gtest.h>

#include "tests/api/http/test_server.h"

namespace yeyak::http {
namespace {

using namespace testing;
using namespace std::chrono_literals;

TEST(Server, answers_with_all_the_fields) {
    TestServer server;
    Client client{server.port()};
    client.send(get("/hello", "X-Correlation-Id: my.id-1\r\n"));
    EXPECT_EQ(client.answer(),
              "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
              "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 5\r\n"
              "X-Correlation-Id: my.id-1\r\nCache-Control: private, no-cache\r\n\r\nhello");
    client.send(post("/echo", "hello"));
    EXPECT_EQ(client.answer().find("Cache-Control"), std::string::npos) << "nobody keeps these";
}

TEST(Server, keeps_the_connection_and_answers_in_order) {
    TestServer server;
    Client client{server.port()};
    for (int i = 0; i < 3; ++i) {
        client.send(post("/echo", std::to_string(i)));
        EXPECT_EQ(body_of(client.answer()), std::to_string(i));
    }
    client.send(get("/slow") + post("/echo", "second") + get("/none") + get("/hello"));
    EXPECT_EQ(body_of(client.answer()), "slow");
    EXPECT_EQ(body_of(client.answer()), "second");
    EXPECT_EQ(status_of(client.answer()), 404);
    EXPECT_EQ(body_of(client.answer()), "hello");
    EXPECT_EQ(server.server().active(), 1U);
}

TEST(Server, answers_a_thousand_pipelined_requests) {
    TestServer server;
    Client client{server.port()};
    std::string requests;
    for (int i = 0; i < 1000; ++i) requests += post("/echo", std::to_string(i));
    client.send(requests);
    for (int i = 0; i < 1000; ++i) ASSERT_EQ(body_of(client.answer()), std::to_string(i));
}

TEST(Server, closes_when_asked_to) {
    TestServer server;
    Client client{server.port()};
    client.send(get("/hello", "Connection: close\r\n"));
    const std::string answer = client.rest();
    EXPECT_EQ(status_of(answer), 200);
    EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
    EXPECT_TRUE(server.wait_active(0));
}

TEST(Server, answers_a_client_that_has_finished_sending) {
    TestServer server;
    Client client{server.port()};
    client.send(get("/slow"));
    client.finish_sending();
    EXPECT_EQ(body_of(client.rest()), "slow");
}

TEST(Server, speaks_http_1_0) {
    TestServer server;
    Client old{server.port()};
    old.send("GET /hello HTTP/1.0\r\n\r\n");
    const std::string answer = old.rest();
    EXPECT_EQ(body_of(answer), "hello");
    EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
    Client keeping{server.port()};
    for (int i = 0; i < 2; ++i) {
        keeping.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        EXPECT_NE(keeping.answer().find("Connection: keep-alive\r\n"), std::string::npos);
    }
}

TEST(Server, answers_head_without_a_body) {
    TestServer server;
    Client client{server.port()};
    client.send("HEAD /hello HTTP/1.1\r\nHost: h\r\n\r\n" + get("/hello"));
    const std::string head = client.answer(true);
    EXPECT_NE(head.find("Content-Length: 5\r\n"), std::string::npos);
    EXPECT_EQ(body_of(head), "");
    EXPECT_EQ(body_of(client.answer()), "hello");
    client.send("HEAD /large HTTP/1.1\r\nHost: h\r\n\r\n" + get("/hello"));
    EXPECT_NE(client.answer(true).find("Content-Length: 8388608\r\n"), std::string::npos);
    EXPECT_EQ(body_of(client.answer()), "hello");
}

TEST(Server, sends_and_takes_large_bodies) {
    TestServer server;
    Client client{server.port()};
    client.send(get("/large"));
    EXPECT_EQ(body_of(client.answer()).size(), 8U * 1024 * 1024);
    const std::string body(1024 * 1024, 'y');
    client.send(post("/echo", body));
    EXPECT_EQ(body_of(client.answer()), body);
    client.send(
        "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3\r\nabc\r\n0\r\n\r\n");
    EXPECT_EQ(body_of(client.answer()), "abc");
}

TEST(Server, asks_for_the_body_when_the_client_waits_for_it) {
    TestServer server;
    Client client{server.port()};
    client.send(
        "POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
        "Content-Length: 2\r\n\r\n");
    EXPECT_EQ(client.answer(), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("o");
    std::this_thread::sleep_for(20ms);
    client.send("k");
    EXPECT_EQ(body_of(client.answer()), "ok");
}

TEST(Server, does_not_ask_for_a_body_it_has_or_refuses) {
    TestServer server;
    Client sent{server.port()};
    sent.send(post("/echo", "ok", "Expect: 100-continue\r\n"));
    EXPECT_EQ(body_of(sent.answer()), "ok");
    Client long_one{server.port()};
    long_one.send(
        "POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
        "Content-Length: 9999999\r\n\r\n");
    EXPECT_EQ(status_of(long_one.answer()), 413);
}

TEST(Server, makes_correlation_ids_and_refuses_odd_ones) {
    TestServer server;
    Client client{server.port()};
    client.send(get("/hello"));
    EXPECT_NE(client.answer().find("X-Correlation-Id: r1\r\n"), std::string::npos);
    const std::string long_id(65, 'a');
    for (const std::string& odd : {std::string{"a b"}, std::string{"<x>"}, long_id}) {
        client.send(get("/hello", "X-Correlation-Id: " + odd + "\r\n"));
        EXPECT_EQ(client.answer().find(odd), std::string::npos);
    }
}

TEST(Server, hides_failures_and_goes_on) {
    TestServer server;
    Client client{server.port()};
    client.send(get("/throw"));
    const std::string answer = client.answer();
    EXPECT_EQ(status_of(answer), 500);
    EXPECT_EQ(answer.find("secret"), std::string::npos);
    client.send(get("/inject?to=x%0d%0aSet-Cookie:%20a=b"));
    const std::string injected = client.answer();
    EXPECT_EQ(status_of(injected), 500);
    EXPECT_EQ(injected.substr(0, injected.find("\r\n\r\n")).find("Set-Cookie"), std::string::npos)
        << "only the problem names the target that was asked for";
    client.send(get("/inject?to=/x"));
    EXPECT_NE(client.answer().find("Location: /x\r\n"), std::string::npos);
    ASSERT_EQ(server.errors().size(), 2U);
    EXPECT_EQ(server.errors().front(), "secret");
}

TEST(Server, records_every_request) {
    TestServer server;
    Client client{server.port()};
    client.send(get("/hello") + get("/none") + "GET /# HTTP/1.1\r\n\r\n");
    client.finish_sending();
    client.rest();
    ASSERT_TRUE(server.wait_active(0));
    EXPECT_EQ(server.access_log(),
              (std::vector<std::string>{"200 /hello ", "404  not_found", "400  bad_target"}));
}

TEST(Server, serves_many_clients_on_several_threads) {
    TestServer server{ServerOptions{}, 4};
    std::vector<std::thread> clients;
    std::atomic<int> good{0};
    for (int c = 0; c < 8; ++c) {
        clients.emplace_back([&server, &good, c] {
            Client client{server.port()};
            for (int i = 0; i < 100; ++i) {
                const std::string body = std::to_string(c) + "." + std::to_string(i);
                client.send(post("/echo", body) + get("/hello"));
                if (body_of(client.answer()) == body && body_of(client.answer()) == "hello") ++good;
            }
        });
    }
    for (std::thread& client : clients) client.join();
    EXPECT_EQ(good, 800);
    EXPECT_TRUE(server.wait_active(0));
    EXPECT_EQ(server.drain(1s), 0);
}

TEST(Server, says_why_it_cannot_listen) {
    TestServer first;
    boost::asio::io_context io;
    const Router router;
    ServerOptions options;
    options.port = first.port();
    Server second{io, options, router};
    const auto port = second.listen();
    ASSERT_FALSE(port);
    EXPECT_NE(port.error().find("in use"), std::string::npos) << port.error();
    options.address = "nowhere";
    Server third{io, options, router};
    EXPECT_EQ(third.listen().error(), "'nowhere' is not an IP address");
}

}  // namespace
}  // namespace yeyak::http
