// The drain of a server that is about to be replaced: nobody who has sent a request, or is about
// to, is left without an answer, and whoever waits to be let in waits for the next one.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "tests/api/http/test_server.h"

namespace yeyak::http {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::EndsWith;
using ::testing::HasSubstr;

// Listens on a free port as a service manager would, and keeps doing so.
class HeldSocket {
  public:
    HeldSocket() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto* at = reinterpret_cast<sockaddr*>(&address);
        socklen_t size = sizeof address;
        EXPECT_EQ(::bind(socket_, at, size), 0);
        EXPECT_EQ(::listen(socket_, 64), 0);
        EXPECT_EQ(::getsockname(socket_, at, &size), 0);
        port_ = ntohs(address.sin_port);
    }
    ~HeldSocket() { ::close(socket_); }
    HeldSocket(const HeldSocket&) = delete;
    HeldSocket& operator=(const HeldSocket&) = delete;

    ServerOptions handed_over() const {
        ServerOptions options;
        options.listening_socket = ::dup(socket_);
        return options;
    }
    std::uint16_t port() const { return port_; }

  private:
    int socket_;
    std::uint16_t port_ = 0;
};

TEST(Drain, answers_a_request_that_was_on_its_way) {
    ServerOptions options;
    options.drain_grace = 2s;
    TestServer server{options};
    Client kept{server.port()};
    kept.send(get("/hello"));
    EXPECT_THAT(kept.answer(), EndsWith("hello"));
    Client fresh{server.port()};
    ASSERT_TRUE(server.wait_active(2));
    server.start_drain(10s);
    std::this_thread::sleep_for(50ms);  // it has begun
    for (auto* client : {&kept, &fresh}) {
        client->send(get("/hello"));
        const auto answer = client->answer();
        EXPECT_THAT(answer, EndsWith("hello"));
        EXPECT_THAT(answer, HasSubstr("Connection: close"));
    }
    EXPECT_EQ(server.wait_drained(), 0);
}

TEST(Drain, waits_no_longer_than_its_grace_for_those_who_say_nothing) {
    ServerOptions options;
    options.drain_grace = 100ms;
    TestServer server{options};
    Client silent{server.port()};
    ASSERT_TRUE(server.wait_active(1));
    EXPECT_EQ(server.drain(60s), 0);
    EXPECT_EQ(silent.rest(), "");
}

TEST(HandedOverSocket, serves_who_waited_in_it) {
    const HeldSocket held;
    Client early{held.port()};
    early.send(get("/hello"));
    TestServer server{held.handed_over()};
    EXPECT_EQ(server.port(), held.port());
    EXPECT_THAT(early.answer(), EndsWith("hello"));
}

TEST(HandedOverSocket, keeps_who_comes_between_two_servers) {
    const HeldSocket held;
    {
        TestServer first{held.handed_over()};
        Client client{held.port()};
        client.send(get("/hello"));
        EXPECT_THAT(client.answer(), EndsWith("hello"));
        EXPECT_EQ(first.drain(10s), 0);
    }
    Client between{held.port()};
    between.send(get("/hello"));
    EXPECT_FALSE(between.readable_within(50ms));
    TestServer second{held.handed_over()};
    EXPECT_THAT(between.answer(), EndsWith("hello"));
}

TEST(HandedOverSocket, that_is_none_is_refused) {
    boost::asio::io_context io;
    const auto routes = test_routes();
    ServerOptions options;
    options.listening_socket = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    Server server{io, options, routes};
    const auto listening = server.listen();
    ASSERT_FALSE(listening.has_value());
    EXPECT_THAT(listening.error(), HasSubstr("cannot listen"));
    ::close(*options.listening_socket);
}

}  // namespace
}  // namespace yeyak::http
