// Limits and deadlines: each has its own clear answer, and no client holds the server.
#include <gtest/gtest.h>

#include "tests/api/http/test_server.h"

namespace yeyak::http {
namespace {

using namespace testing;
using namespace std::chrono_literals;

// What the server says, to the end, to a client that sends this and waits.
std::string said_to(TestServer& server, std::string_view bytes) {
    Client client{server.port()};
    client.send(bytes);
    client.finish_sending();
    return client.rest();
}

ServerOptions short_deadlines() {
    ServerOptions options;
    options.head_deadline = 150ms;
    options.body_deadline = 150ms;
    options.write_deadline = 150ms;
    options.idle_deadline = 300ms;
    options.linger = 50ms;
    return options;
}

void expect_refusal(const std::string& answer, int status, std::string_view code) {
    EXPECT_EQ(status_of(answer), status) << answer;
    EXPECT_NE(answer.find("\"code\":\"" + std::string{code} + "\""), std::string::npos) << answer;
    EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos) << answer;
    EXPECT_NE(answer.find("application/problem+json"), std::string::npos) << answer;
}

TEST(Limits, oversized_heads_and_bodies_are_told_so) {
    TestServer server;
    const std::string long_text(9000, 'x');
    expect_refusal(said_to(server, get("/" + long_text)), 431, "head_too_large");
    expect_refusal(said_to(server, get("/hello", "X: " + long_text + "\r\n")), 431,
                   "head_too_large");
    std::string fields;
    for (int i = 0; i < 64; ++i) fields += "X: y\r\n";
    expect_refusal(said_to(server, get("/hello", fields)), 431, "too_many_fields");
    expect_refusal(said_to(server, post("/echo", std::string(1024 * 1024 + 1, 'x'))), 413,
                   "body_too_large");
    expect_refusal(said_to(server,
                           "POST /echo HTTP/1.1\r\nHost: h\r\n"
                           "Transfer-Encoding: chunked\r\n\r\n100001\r\n"),
                   413, "body_too_large");
}

TEST(Limits, work_in_steps_ends_when_its_client_has_gone) {
    TestServer server;
    {
        Client client{server.port()};
        client.send(get("/endless"));
        EXPECT_FALSE(client.readable_within(100ms)) << "it works as long as the client waits";
    }
    EXPECT_TRUE(server.wait_active(0));
    EXPECT_EQ(server.access_log(), std::vector<std::string>{"499 /endless "});
}

TEST(Limits, what_was_sent_ahead_is_not_taken_for_a_client_that_stays) {
    TestServer server;
    {
        Client client{server.port()};
        client.send(get("/endless") + get("/hello"));
        EXPECT_FALSE(client.readable_within(50ms));
    }
    EXPECT_TRUE(server.wait_active(0));
}

TEST(Limits, a_refused_client_can_read_why_while_it_still_sends) {
    TestServer server;
    Client client{server.port()};
    // More than the buffers of both ends hold: an early close would reset the connection.
    const std::string body(512 * 1024, 'x');
    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\n\r\n");
    for (int i = 0; i < 8; ++i) client.send(body);
    expect_refusal(client.answer(), 413, "body_too_large");
}

TEST(Limits, what_follows_a_refused_request_is_never_read) {
    TestServer server;
    said_to(server,
            "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 4\r\n"
            "\r\nabc" +
                get("/hello"));
    ASSERT_TRUE(server.wait_active(0));
    EXPECT_EQ(server.access_log(), std::vector<std::string>{"400  several_lengths"});
}

// Sends a byte every 20 ms, each in time though all together are not. The number it could send
// before the server answered.
int trickle(Client& client) {
    int sent = 0;
    while (sent < 200 && !client.readable_within(20ms)) {
        client.send("x");
        ++sent;
    }
    return sent;
}

TEST(Deadlines, a_slow_head_gets_408) {
    TestServer server{short_deadlines()};
    Client client{server.port()};
    client.send("GET /");
    EXPECT_LT(trickle(client), 100);
    expect_refusal(client.answer(), 408, "head_deadline");
}

TEST(Deadlines, a_slow_body_gets_408) {
    TestServer server{short_deadlines()};
    Client client{server.port()};
    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n");
    EXPECT_LT(trickle(client), 100);
    expect_refusal(client.answer(), 408, "body_deadline");
}

TEST(Deadlines, an_idle_connection_is_closed_quietly) {
    TestServer server{short_deadlines()};
    Client fresh{server.port()};
    Client used{server.port()};
    used.send(get("/hello"));
    EXPECT_EQ(status_of(used.answer()), 200);
    EXPECT_EQ(fresh.rest(), "");
    EXPECT_EQ(used.rest(), "");
    EXPECT_TRUE(server.wait_active(0));
    EXPECT_EQ(server.access_log().size(), 1U);
}

TEST(Deadlines, do_not_touch_a_client_in_use) {
    TestServer server{short_deadlines()};
    Client client{server.port()};
    for (int i = 0; i < 8; ++i) {
        client.send(get("/slow"));  // takes longer than the deadlines of head and body
        ASSERT_EQ(body_of(client.answer()), "slow");
    }
}

TEST(Deadlines, a_slow_reader_is_cut) {
    TestServer server{short_deadlines()};
    Client client{server.port(), 4096};
    client.send(get("/large"));
    EXPECT_TRUE(server.wait_active(1));
    EXPECT_TRUE(server.wait_active(0));
    EXPECT_LT(client.rest().size(), 8U * 1024 * 1024);
}

TEST(Deadlines, many_slow_clients_do_not_hold_a_good_one) {
    ServerOptions options;
    options.head_deadline = 2s;
    TestServer server{options};
    std::vector<std::unique_ptr<Client>> slow;
    for (int i = 0; i < 200; ++i) {
        slow.push_back(std::make_unique<Client>(server.port()));
        slow.back()->send("GET /hello HT");
    }
    ASSERT_TRUE(server.wait_active(200));
    Client good{server.port()};
    for (int i = 0; i < 50; ++i) {
        good.send(get("/hello"));
        ASSERT_EQ(status_of(good.answer()), 200);
    }
    good.finish_sending();
    EXPECT_TRUE(server.wait_active(0)) << "all of them must have been closed by their deadline";
}

TEST(Connections, too_many_get_503) {
    ServerOptions options;
    options.max_connections = 2;
    options.linger = 50ms;
    TestServer server{options};
    std::optional<Client> first{server.port()};
    Client second{server.port()};
    ASSERT_TRUE(server.wait_active(2));
    for (int i = 0; i < 5; ++i) {
        Client third{server.port()};
        const std::string answer = third.rest();
        expect_refusal(answer, 503, "too_many_connections");
        EXPECT_NE(answer.find("Retry-After: 1\r\n"), std::string::npos);
    }
    second.send(get("/hello"));
    EXPECT_EQ(status_of(second.answer()), 200);
    first.reset();
    ASSERT_TRUE(server.wait_active(1));
    Client fourth{server.port()};
    fourth.send(get("/hello"));
    EXPECT_EQ(status_of(fourth.answer()), 200);
}

TEST(Connections, a_crowd_turned_away_leaves_room_for_those_who_may_come) {
    ServerOptions options;
    options.max_connections = 1;
    options.linger = 5s;
    TestServer server{options};
    std::optional<Client> inside{server.port()};
    ASSERT_TRUE(server.wait_active(1));
    std::vector<std::unique_ptr<Client>> crowd;  // stays, and keeps its sockets open
    for (int i = 0; i < 20; ++i) crowd.push_back(std::make_unique<Client>(server.port()));
    ASSERT_TRUE(server.wait_active(21));
    inside.reset();
    ASSERT_TRUE(server.wait_active(20));
    Client next{server.port()};
    next.send(get("/hello"));
    EXPECT_EQ(status_of(next.answer()), 200);
}

}  // namespace
}  // namespace yeyak::http
