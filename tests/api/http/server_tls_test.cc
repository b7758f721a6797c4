// The server behind TLS: what it takes, whom it turns away, and that all limits are the same.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <thread>

#include "api/http/holding.h"
#include "tests/api/http/certificates.h"
#include "tests/api/http/test_server.h"
#include "tests/api/http/tls_client.h"

namespace yeyak::http {
namespace {

using namespace std::chrono_literals;
using namespace testing;
using ::testing::EndsWith;
using ::testing::HasSubstr;

class TlsServer : public ::testing::Test {
  protected:
    // Both files as they are when the server starts.
    TlsServer() { show(ours_.issue("first", "DNS:localhost")); }

    void show(const Certificate& shown) const {
        folder_.write("cert.pem", shown.certificate);
        folder_.write("key.pem", shown.key);
    }
    TlsFiles files() const {
        return {folder_.path("cert.pem"), folder_.path("key.pem"), {}, false};
    }

    ServerOptions options(const TlsFiles& from) {
        auto loaded = Tls::load(from);
        EXPECT_TRUE(loaded.has_value()) << loaded.error();
        tls_ = loaded.value_or(nullptr);
        ServerOptions made;
        made.tls = tls_;
        return made;
    }
    ServerOptions options() { return options(files()); }

    // With certificates of clients that `clients_` signed.
    ServerOptions asking(bool required) {
        auto from = files();
        from.client_ca = folder_.write("clients.pem", clients_.certificate());
        from.client_required = required;
        return options(from);
    }
    TlsClientOptions client() const { return {ours_.certificate()}; }
    TlsClientOptions showing(const Certificate& shown) const {
        return {ours_.certificate(), 0, shown, {}};
    }

    // What is wrong with these files, at a start.
    static std::string error_of(const TlsFiles& from) {
        const auto loaded = Tls::load(from);
        return loaded ? "nothing" : loaded.error();
    }

    Folder folder_;
    Authority ours_{"our authority"};
    Authority clients_{"authority of clients"};
    std::shared_ptr<Tls> tls_;
};

std::string asked(TlsClient& client, std::string_view request) {
    client.send(request);
    return client.answer();
}

TEST_F(TlsServer, speaks_the_two_versions_of_today_and_no_older_one) {
    TestServer server{options()};
    for (const auto& [version, name] :
         {std::pair{TLS1_2_VERSION, "TLSv1.2"}, std::pair{TLS1_3_VERSION, "TLSv1.3"}}) {
        TlsClient client{server.port(), {ours_.certificate(), version}};
        ASSERT_TRUE(client.connected()) << name;
        EXPECT_EQ(client.version(), name);
        EXPECT_THAT(asked(client, get("/hello")), EndsWith("\r\n\r\nhello"));
    }
    const TlsClient old{server.port(), {ours_.certificate(), TLS1_1_VERSION}};
    EXPECT_FALSE(old.connected());
    ASSERT_TRUE(server.wait_active(0));
    EXPECT_EQ(server.server().report().failed_handshakes, 1U);
}

TEST_F(TlsServer, agrees_on_http_1_1_or_on_nothing) {
    TestServer server{options()};
    const TlsClient both{server.port(), {ours_.certificate(), 0, {}, "\x02h2\x08http/1.1"}};
    EXPECT_TRUE(both.connected());
    EXPECT_EQ(both.protocol(), "http/1.1");
    const TlsClient other{server.port(), {ours_.certificate(), 0, {}, "\x02h2"}};
    EXPECT_FALSE(other.connected());
}

TEST_F(TlsServer, knows_that_it_is_called_by_https) {
    TestServer server{options()};
    TlsClient client{server.port(), this->client()};
    EXPECT_EQ(body_of(asked(client, get("/who"))), "https://h ");
    Client plain{server.port()};
    plain.send(get("/who"));
    EXPECT_EQ(status_of(plain.answer()), 400);
}

TEST_F(TlsServer, tells_who_speaks_without_tls_what_to_do) {
    TestServer server{options()};
    for (const auto* method : {"GET", "DELETE", "OPTIONS"}) {
        Client client{server.port()};
        client.send(std::string{method} + " /hello HTTP/1.1\r\nHost: h\r\n\r\n");
        const auto told = client.rest();
        EXPECT_EQ(status_of(told), 400);
        EXPECT_THAT(told, HasSubstr("tls_required"));
        EXPECT_THAT(told, HasSubstr("Connection: close"));
    }
}

TEST_F(TlsServer, takes_large_bodies_and_gives_large_answers) {
    auto large = options();
    large.max_body_bytes = 8 * 1024 * 1024;
    TestServer server{large};
    TlsClient client{server.port(), this->client()};
    std::string body(3 * 1024 * 1024 + 17, '\0');
    for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 7 % 251);
    EXPECT_EQ(body_of(asked(client, post("/echo", body))), body);
    EXPECT_EQ(body_of(asked(client, get("/large"))).size(), 8U * 1024 * 1024);
}

TEST_F(TlsServer, answers_a_slow_reader_in_full) {
    TestServer server{options()};
    TlsClient client{server.port(), this->client()};
    client.send(get("/large"));
    std::this_thread::sleep_for(100ms);  // the server has filled all buffers by now, and waits
    EXPECT_EQ(body_of(client.answer()).size(), 8U * 1024 * 1024);
}

TEST_F(TlsServer, answers_pipelined_requests_in_order) {
    TestServer server{options()};
    TlsClient client{server.port(), this->client()};
    client.send(get("/hello") + post("/echo", "second") + get("/slow") + get("/hello"));
    for (const auto* expected : {"hello", "second", "slow", "hello"})
        EXPECT_EQ(body_of(client.answer()), expected);
}

TEST_F(TlsServer, has_the_same_gate) {
    TestServer server{options()};
    TlsClient client{server.port(), this->client()};
    const auto told = asked(client, "GET /hello HTTP/1.1\r\nHost: h\r\nBad Name: 1\r\n\r\n");
    EXPECT_EQ(status_of(told), 400);
    EXPECT_EQ(client.rest(), "");
    EXPECT_TRUE(client.was_told_the_end());
}

TEST_F(TlsServer, streams_until_the_client_goes_or_it_drains) {
    TestServer server{options()};
    {
        TlsClient gone{server.port(), client()};
        gone.send(get("/stream"));
        ASSERT_TRUE(gone.wait_for("data: first"));
    }
    ASSERT_TRUE(server.wait_active(0));
    TlsClient follower{server.port(), client()};
    follower.send(get("/stream"));
    ASSERT_TRUE(follower.wait_for("data: first"));
    EXPECT_EQ(server.drain(10s), 0);
    EXPECT_THAT(follower.rest(), EndsWith("0\r\n\r\n"));
    EXPECT_TRUE(follower.was_told_the_end());
}

TEST_F(TlsServer, cuts_who_does_not_end_the_handshake) {
    auto fast = options();
    fast.head_deadline = 100ms;
    TestServer server{fast};
    Client silent{server.port()};
    Client slow{server.port()};
    slow.send(std::string{"\x16\x03\x01\x02\x00\x01", 6});  // the begin of a hello, and no more
    ASSERT_TRUE(server.wait_active(2));
    EXPECT_EQ(silent.rest(), "");
    EXPECT_EQ(slow.rest(), "");
    ASSERT_TRUE(server.wait_active(0));
    EXPECT_EQ(server.server().report().failed_handshakes, 2U);
}

TEST_F(TlsServer, counts_connections_during_the_handshake_too) {
    auto few = options();
    few.max_connections = 1;
    TestServer server{few};
    const Client silent{server.port()};
    ASSERT_TRUE(server.wait_active(1));
    EXPECT_GE(server.server().report().memory.used, tls_connection_bytes);
    TlsClient client{server.port(), this->client()};
    ASSERT_TRUE(client.connected());
    const auto told = client.answer();
    EXPECT_EQ(status_of(told), 503);
    EXPECT_THAT(told, HasSubstr("too_many_connections"));
}

TEST_F(TlsServer, who_leaves_before_saying_anything_has_not_failed) {
    TestServer server{options()};
    {
        const Client probe{server.port()};
    }
    ASSERT_TRUE(server.wait_active(0));
    EXPECT_EQ(server.server().report().failed_handshakes, 0U);
}

TEST_F(TlsServer, knows_a_client_by_its_certificate) {
    TestServer server{asking(false)};
    const auto who = [&](const TlsClientOptions& as) {
        TlsClient client{server.port(), as};
        return body_of(asked(client, get("/who")));
    };
    EXPECT_EQ(who(client()), "https://h ");
    EXPECT_EQ(who(showing(clients_.issue("a", "DNS:orders.example"))),
              "https://h dns:orders.example");
    EXPECT_EQ(who(showing(clients_.issue("a", "IP:127.0.0.1,URI:spiffe://example/orders"))),
              "https://h uri:spiffe://example/orders");
    EXPECT_EQ(who(showing(clients_.issue("orders, inc", ""))),
              "https://h subject:CN=orders\\, inc");
}

TEST_F(TlsServer, turns_away_a_certificate_that_nobody_signed_whom_it_knows) {
    TestServer server{asking(false)};
    const Authority foreign{"authority of clients"};  // the same name, another key
    for (const auto& shown : {foreign.issue("a", "DNS:orders.example"),
                              clients_.issue("a", "DNS:orders.example", -60s)}) {
        TlsClient client{server.port(), showing(shown)};
        EXPECT_EQ(asked(client, get("/hello")), "closed");
    }
    ASSERT_TRUE(server.wait_active(0));
    EXPECT_EQ(server.server().report().failed_handshakes, 2U);
}

TEST_F(TlsServer, takes_clients_of_an_authority_that_is_no_root) {
    const Authority issuing{"issues", clients_};
    auto from = files();
    from.client_ca = folder_.write("issuing.pem", issuing.certificate());
    from.client_required = true;
    TestServer server{options(from)};
    TlsClient good{server.port(), showing(issuing.issue("a", "DNS:orders.example"))};
    EXPECT_THAT(asked(good, get("/hello")), EndsWith("hello"));
    // The root stands in no file, so what it signs itself is not taken.
    TlsClient other{server.port(), showing(clients_.issue("a", "DNS:orders.example"))};
    EXPECT_EQ(asked(other, get("/hello")), "closed");
}

TEST_F(TlsServer, can_require_a_certificate) {
    TestServer server{asking(true)};
    TlsClient none{server.port(), client()};
    EXPECT_EQ(asked(none, get("/hello")), "closed");
    TlsClient good{server.port(), showing(clients_.issue("a", "DNS:orders.example"))};
    EXPECT_THAT(asked(good, get("/hello")), EndsWith("hello"));
}

TEST_F(TlsServer, shows_a_new_certificate_after_it_was_read_again) {
    TestServer server{options()};
    TlsClient before{server.port(), client()};
    EXPECT_EQ(before.subject(), "first");
    const auto first_ends = tls_->validity().ends;
    show(ours_.issue("second", "DNS:localhost", 48h));
    const TlsClient unread{server.port(), client()};
    EXPECT_EQ(unread.subject(), "first");
    EXPECT_TRUE(tls_->reload().has_value());
    const TlsClient after{server.port(), client()};
    EXPECT_EQ(after.subject(), "second");
    EXPECT_GT(server.server().report().certificate->ends, first_ends + 20h);
    EXPECT_THAT(asked(before, get("/hello")), EndsWith("hello"));  // it goes on
}

TEST_F(TlsServer, keeps_what_it_has_when_the_new_files_are_bad) {
    TestServer server{options()};
    folder_.write("cert.pem", ours_.issue("second", "DNS:localhost").certificate);
    const auto read = tls_->reload();
    ASSERT_FALSE(read.has_value());
    EXPECT_THAT(read.error(), HasSubstr("does not fit"));
    TlsClient client{server.port(), this->client()};
    EXPECT_EQ(client.subject(), "first");
    EXPECT_THAT(asked(client, get("/hello")), EndsWith("hello"));
}

TEST_F(TlsServer, says_what_is_wrong_with_its_files) {
    auto missing = files();
    missing.key = folder_.path("absent.pem");
    EXPECT_THAT(error_of(missing), HasSubstr("absent.pem cannot be read: No such file"));
    auto other = files();
    other.key = folder_.write("other.pem", ours_.issue("other", "").key);
    EXPECT_THAT(error_of(other), HasSubstr("other.pem does not fit the certificate in"));
    auto swapped = files();
    std::swap(swapped.certificate, swapped.key);
    EXPECT_THAT(error_of(swapped), HasSubstr("key.pem holds no certificate"));
    auto no_key = files();
    no_key.key = no_key.certificate;
    EXPECT_THAT(error_of(no_key), HasSubstr("cert.pem holds no private key"));
    auto locked = files();
    locked.key =
        folder_.write("locked.pem", with_passphrase(ours_.issue("first", "").key, "secret"));
    EXPECT_THAT(error_of(locked), HasSubstr("locked.pem has a passphrase"));
    auto no_authority = files();
    no_authority.client_ca = folder_.write("empty.pem", "");
    EXPECT_THAT(error_of(no_authority), HasSubstr("empty.pem holds no certificate"));
    // The second of the chain is only half there: it is being written, perhaps.
    const auto chain = ours_.issue("first", "DNS:localhost").certificate + ours_.certificate();
    auto half = files();
    half.certificate = folder_.write("half.pem", chain.substr(0, chain.size() - 200));
    EXPECT_THAT(error_of(half), HasSubstr("half.pem holds no certificate, or a damaged one"));
    auto folder = files();
    folder.certificate = folder_.path("");
    EXPECT_THAT(error_of(folder), HasSubstr("cannot be read"));
}

TEST_F(TlsServer, ends_with_the_first_certificate_of_the_chain_that_does) {
    const auto own = ours_.issue("first", "DNS:localhost", 72h);
    show({own.certificate + ours_.certificate(), own.key});  // the authority's: 48 hours
    const auto loaded = Tls::load(files());
    ASSERT_TRUE(loaded.has_value()) << loaded.error();
    const auto left = (*loaded)->validity().ends - std::chrono::system_clock::now();
    EXPECT_GT(left, 47h);
    EXPECT_LT(left, 49h);
}

TEST_F(TlsServer, counts_what_a_handshake_may_take_until_it_is_done) {
    TestServer server{options()};
    const Client silent{server.port()};
    const auto held = [&] { return server.server().report().memory.used; };
    const auto until = std::chrono::steady_clock::now() + 5s;
    while (held() < tls_connection_bytes + handshake_bytes &&
           std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(1ms);
    EXPECT_GE(held(), tls_connection_bytes + handshake_bytes);
    TlsClient done{server.port(), client()};
    EXPECT_THAT(asked(done, get("/hello")), EndsWith("hello"));
    EXPECT_LT(held(), 2 * tls_connection_bytes + handshake_bytes + small_bytes);
}

}  // namespace
}  // namespace yeyak::http
