// Where the keys of tokens come from, how new they are kept, and what a server makes of a token.
#include "server/auth/tokens.h"

#include <gmock/gmock.h>

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <fstream>
#include <future>
#include <map>
#include <mutex>
#include <thread>

#include "auth/base64url.h"
#include "auth/issuer.h"
#include "server/auth/discovery.h"
#include "server/auth/fetch.h"
#include "server/auth/revoked_tokens.h"
#include "tests/api/running_server.h"

namespace yeyak::server {
namespace {

using testing::HasSubstr;

// --- discovery ---

constexpr std::string_view id = "https://id.example/shop";

std::string document(std::string_view issuer, std::string_view keys) {
    return R"({"issuer":")" + std::string{issuer} + R"(","jwks_uri":")" + std::string{keys} +
           R"("})";
}

TEST(Discovery, asks_where_the_issuer_says) {
    EXPECT_EQ(discovery_url(id), "https://id.example/shop/.well-known/openid-configuration");
    EXPECT_EQ(discovery_url("https://id.example/"),
              "https://id.example/.well-known/openid-configuration");
    EXPECT_EQ(keys_url(document(id, "https://keys.example/set?v=1"), id),
              "https://keys.example/set?v=1");
    EXPECT_EQ(
        keys_url(document("http://127.0.0.1:9", "http://127.0.0.1:9/set"), "http://127.0.0.1:9"),
        "http://127.0.0.1:9/set");
}

TEST(Discovery, takes_no_document_about_somebody_else) {
    for (const auto* issuer : {"https://id.example", "https://id.example/shop/", "", "HTTPS://id"})
        EXPECT_THAT(keys_url(document(issuer, "https://id.example/set"), id).error(),
                    HasSubstr("is about the issuer"));
}

TEST(Discovery, takes_no_keys_that_anybody_on_the_way_can_exchange) {
    for (const auto* keys : {"http://id.example/set", "http://127.0.0.1/set",
                             "ftp://id.example/set", "/set", "", "https://"})
        EXPECT_THAT(keys_url(document(id, keys), id).error(), HasSubstr("not https://"));
    EXPECT_THAT(
        keys_url(document("http://localhost:9", "http://id.example/set"), "http://localhost:9")
            .error(),
        HasSubstr("not https://"));
}

TEST(Discovery, takes_only_an_object_that_says_both) {
    for (const auto* text : {"", "[]", "{}", R"({"issuer":"https://id.example/shop"})",
                             R"({"issuer":7,"jwks_uri":"https://id.example/set"})",
                             R"({"issuer":"a","issuer":"a","jwks_uri":"https://id.example/set"})"})
        EXPECT_FALSE(keys_url(text, id)) << text;
}

TEST(Fetch, says_what_is_wrong_with_an_address) {
    EXPECT_EQ(fetch("ftp://id.example").error(),
              "ftp://id.example is neither https:// nor http://");
    EXPECT_EQ(fetch("http://").error(), "http:// is no address");
    EXPECT_THAT(fetch("http://127.0.0.1:1/set").error(), HasSubstr("cannot be reached"));
}

// --- keys ---

class Keys : public testing::Test {
  protected:
    // A key that was made for this: its issuer, and the set that he publishes.
    auth::Issuer key(const std::string& name) {
        return auth::Issuer::make(folder_.path() / name).value();
    }
    void write(std::string_view json) { std::ofstream{file_} << json; }

    api::TempFolder folder_;
    const std::filesystem::path file_ = folder_.path() / "set";
    const Clock clock_;
    auth::Revocations revocations_;
    auth::Verifier verifier_{{std::string{auth::own_issuer}, "yeyak"}, {}, revocations_};
};

TEST_F(Keys, in_a_file_are_read_when_it_changed) {
    const auto source = keys_in_file(file_);
    EXPECT_THAT(source->fetch().error(), HasSubstr("cannot be read"));
    write("{");
    EXPECT_THAT(source->fetch().error(), HasSubstr("is no JSON"));
    const auto first = key("first");
    write(first.key_set());
    auto read = source->fetch();
    ASSERT_TRUE(read) << read.error();
    ASSERT_TRUE(*read);
    EXPECT_NE((*read)->find(first.key_id()), nullptr);
    read = source->fetch();
    ASSERT_TRUE(read);
    EXPECT_FALSE(*read);
    std::filesystem::remove(file_);
    const auto next = key("next");
    write(next.key_set());
    read = source->fetch();
    ASSERT_TRUE(read) << read.error();
    ASSERT_TRUE(*read);
    EXPECT_NE((*read)->find(next.key_id()), nullptr);
    write(std::string(300 * 1024, ' '));
    EXPECT_THAT(source->fetch().error(), HasSubstr("larger than 256 KiB"));
}

// Answers what the test puts in, when the test lets it.
class Puppet final : public KeySource {
  public:
    std::expected<std::optional<auth::KeySet>, std::string> fetch() override {
        ++fetches;
        if (gate) gate->get_future().wait();
        if (next.empty()) return std::unexpected("the issuer sleeps");
        return auth::KeySet::parse(next).value();
    }
    std::chrono::milliseconds pause() const override { return std::chrono::hours{1}; }

    std::string next;
    std::atomic<int> fetches = 0;
    std::promise<void>* gate = nullptr;
};

class Keeper : public Keys {
  protected:
    Keeper() : keeper_(std::unique_ptr<KeySource>{puppet_}, verifier_, clock_) {}

    bool takes(const auth::Issuer& issuer) {
        const auto token =
            issuer.mint({.subject = "user:1", .audience = "yeyak"}, 60'000, clock_.now());
        return verifier_.verify(*token, clock_.now()).has_value();
    }
    // As if a token had named a key that is not known; false when nobody was asked.
    bool refreshed() {
        std::promise<void> done;
        auto over = done.get_future();
        if (!keeper_.refresh([&] { done.set_value(); })) return false;
        over.wait();
        return true;
    }

    Puppet* puppet_ = new Puppet;
    KeyKeeper keeper_;
};

TEST_F(Keeper, takes_newer_keys_when_one_is_not_known_and_at_most_once_in_ten_seconds) {
    const auto first = key("first");
    const auto next = key("next");
    keeper_.start();
    puppet_->next = first.key_set();
    EXPECT_TRUE(refreshed());
    EXPECT_TRUE(takes(first));
    puppet_->next = next.key_set();
    EXPECT_FALSE(refreshed());
    EXPECT_EQ(puppet_->fetches, 1);
    EXPECT_FALSE(takes(next));
}

TEST_F(Keeper, goes_on_with_the_last_good_keys) {
    const auto first = key("first");
    puppet_->next = first.key_set();
    EXPECT_TRUE(keeper_.fetch_first());
    puppet_->next.clear();
    EXPECT_EQ(keeper_.fetch_first().error(), "the issuer sleeps");
    EXPECT_TRUE(takes(first));
}

TEST_F(Keeper, all_who_ask_meanwhile_wait_for_the_same_answer) {
    std::promise<void> gate;
    puppet_->gate = &gate;
    puppet_->next = key("first").key_set();
    keeper_.start();
    std::atomic<int> told = 0;
    std::promise<void> all;
    const auto count = [&] {
        if (++told == 3) all.set_value();
    };
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(keeper_.refresh(count));
    EXPECT_EQ(told, 0);
    gate.set_value();
    all.get_future().wait();
    EXPECT_EQ(puppet_->fetches, 1);
}

// --- an issuer ---

// Answers GET over HTTP, one connection after the other.
class SmallIssuer {
  public:
    SmallIssuer() : acceptor_(io_, {boost::asio::ip::make_address("127.0.0.1"), 0}) {
        thread_ = std::thread{[this] {
            while (serve()) {
            }
        }};
    }
    ~SmallIssuer() {
        put("/stop", "");
        static_cast<void>(fetch(name() + "/stop"));
        thread_.join();
    }

    std::string name() const {
        return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
    }
    // Nothing at a path: 404. `status` is what stands in the first line.
    void put(const std::string& path, std::string body, std::string status = "200 OK") {
        const std::lock_guard lock{mutex_};
        answers_[path] = {std::move(status), std::move(body)};
    }
    void publish(const auth::Issuer& key) {
        put("/.well-known/openid-configuration", document(name(), name() + "/keys"));
        put("/keys", key.key_set());
    }

  private:
    // False when it was asked to stop.
    bool serve() {
        boost::asio::ip::tcp::socket socket{io_};
        acceptor_.accept(socket);
        std::string head;
        boost::system::error_code ignored;
        boost::asio::read_until(socket, boost::asio::dynamic_buffer(head), "\r\n\r\n", ignored);
        const auto path = head.substr(4, head.find(' ', 4) - 4);
        std::pair<std::string, std::string> answer{"404 Not Found", ""};
        {
            const std::lock_guard lock{mutex_};
            if (answers_.contains(path)) answer = answers_[path];
        }
        const auto text = "HTTP/1.1 " + answer.first + "\r\nLocation: /keys\r\nContent-Length: " +
                          std::to_string(answer.second.size()) + "\r\n\r\n" + answer.second;
        boost::asio::write(socket, boost::asio::buffer(text), ignored);
        return path != "/stop";
    }

    boost::asio::io_context io_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::mutex mutex_;
    std::map<std::string, std::pair<std::string, std::string>> answers_;
    std::thread thread_;
};

using OfIssuer = Keys;

TEST_F(OfIssuer, keys_are_found_by_discovery) {
    SmallIssuer issuer;
    const auto first = key("first");
    issuer.publish(first);
    const auto source = keys_of_issuer(issuer.name());
    const auto keys = source->fetch();
    ASSERT_TRUE(keys) << keys.error();
    EXPECT_NE((*keys)->find(first.key_id()), nullptr);
}

TEST_F(OfIssuer, what_is_wrong_is_told_with_its_address) {
    SmallIssuer issuer;
    const auto source = keys_of_issuer(issuer.name());
    EXPECT_THAT(source->fetch().error(), HasSubstr("configuration answered with status 404"));
    issuer.put("/.well-known/openid-configuration", document("http://127.0.0.1:1", "/keys"));
    EXPECT_THAT(source->fetch().error(), HasSubstr("is about the issuer"));
    issuer.publish(key("first"));
    issuer.put("/keys", "{}");
    EXPECT_THAT(source->fetch().error(), HasSubstr("/keys is no JWK set"));
    issuer.put("/keys", std::string(auth::KeySet::max_bytes + 1, ' '));
    EXPECT_THAT(source->fetch().error(), HasSubstr("/keys no answer"));
    issuer.put("/keys", "", "302 Found");
    EXPECT_THAT(source->fetch().error(), HasSubstr("answered with status 302"));
}

// --- a server ---

std::atomic<std::int64_t> machine_ms = 1'800'000'000'000;
std::int64_t read_machine() { return machine_ms; }
std::int64_t read_date() { return 3'600'000'000'000 - machine_ms; }  // set back again and again

class TokensOf : public RunningServer {
  protected:
    StoreResult<std::unique_ptr<Tokens>> open() {
        return Tokens::open(config_, runtime_->reads().log(), clock_);
    }
    std::string token(const auth::Issuer& issuer, std::string audience = "yeyak") {
        return issuer
            .mint({.subject = "user:1", .audience = std::move(audience)}, 60'000, clock_.now())
            .value();
    }
    auth::Issuer own_key() {
        return auth::Issuer::make(auth::own_key_file_in(config_.data)).value();
    }

    const Clock clock_{std::nullopt, Clock::Sources{read_date, read_machine}};
};

TEST_F(TokensOf, a_server_that_asks_nobody_need_no_key) {
    const auto tokens = open();
    ASSERT_TRUE(tokens) << tokens.error().detail;
    EXPECT_EQ((*tokens)->published_keys(), R"({"keys":[]})");
}

TEST_F(TokensOf, a_server_that_asks_nobody_starts_without_what_it_cannot_read) {
    std::ofstream{auth::own_key_file_in(config_.data)} << "no key";
    const auto tokens = open();
    ASSERT_TRUE(tokens) << tokens.error().detail;
    EXPECT_EQ((*tokens)->published_keys(), R"({"keys":[]})");
    config_.auth.mode = "jwt";
    EXPECT_THAT(open().error().detail, HasSubstr("auth.key"));
}

TEST_F(TokensOf, a_server_that_asks_for_them_has_a_key_or_does_not_start) {
    config_.auth.mode = "jwt";
    EXPECT_THAT(open().error().detail, HasSubstr("yeyak auth init --data"));
    const auto issuer = own_key();
    const auto tokens = open();
    ASSERT_TRUE(tokens) << tokens.error().detail;
    EXPECT_EQ((*tokens)->published_keys(), issuer.key_set());
    EXPECT_TRUE(run((*tokens)->authenticate(token(issuer))));
    EXPECT_EQ(run((*tokens)->authenticate(token(issuer, "other"))).error(),
              auth::Fault::wrong_audience);
    EXPECT_EQ(run((*tokens)->authenticate("a.b.c")).error(), auth::Fault::not_a_token);
}

TEST_F(TokensOf, keys_of_somebody_else_take_the_place_of_the_own_one) {
    config_.auth = {.mode = "jwt", .issuer = "yeyak", .jwks = folder_.path() / "set"};
    const auto own = own_key();
    EXPECT_THAT(open().error().detail, HasSubstr("auth.jwks: "));
    const auto other = auth::Issuer::make(folder_.path() / "other").value();
    std::ofstream{*config_.auth.jwks} << other.key_set();
    const auto tokens = open();
    ASSERT_TRUE(tokens) << tokens.error().detail;
    EXPECT_EQ((*tokens)->published_keys(), R"({"keys":[]})");
    EXPECT_TRUE(run((*tokens)->authenticate(token(other))));
    EXPECT_EQ(run((*tokens)->authenticate(token(own))).error(), auth::Fault::unknown_key);
}

// The token says that somebody else made it, which is looked at once its key is known.
TEST_F(TokensOf, an_issuer_may_change_his_keys_while_requests_run) {
    SmallIssuer issuer;
    config_.auth.mode = "jwt";
    config_.auth.issuer = issuer.name();
    const auto tokens = open();  // he does not answer yet
    ASSERT_TRUE(tokens) << tokens.error().detail;
    for (const auto* name : {"first", "next"}) {
        const auto key = auth::Issuer::make(folder_.path() / name).value();
        issuer.publish(key);
        EXPECT_EQ(run((*tokens)->authenticate(token(key))).error(), auth::Fault::unknown_key);
        machine_ms += auth::RefreshPolicy::pause_ms;
        EXPECT_EQ(run((*tokens)->authenticate(token(key))).error(), auth::Fault::wrong_issuer);
    }
}

TEST_F(TokensOf, keys_of_tokens_that_name_none_are_asked_for_again) {
    const auto nameless = auth::base64url(R"({"alg":"EdDSA"})") + ".e30." + std::string(86, 'A');
    SmallIssuer issuer;
    config_.auth.mode = "jwt";
    config_.auth.issuer = issuer.name();
    const auto tokens = open();  // he does not answer yet
    ASSERT_TRUE(tokens) << tokens.error().detail;
    const auto fault = [&] {
        machine_ms += auth::RefreshPolicy::pause_ms;
        return run((*tokens)->authenticate(nameless)).error();
    };
    EXPECT_EQ(fault(), auth::Fault::no_key_named);
    const auto first = auth::Issuer::make(folder_.path() / "first").value();
    issuer.publish(first);
    EXPECT_EQ(fault(), auth::Fault::bad_signature) << "one key";
    auto both = auth::Issuer::make(folder_.path() / "next").value().key_set();
    both.insert(both.size() - 2, "," + first.key_set().substr(9, first.key_set().size() - 11));
    issuer.put("/keys", both);
    EXPECT_EQ(fault(), auth::Fault::no_key_named) << "several";
}

TEST_F(TokensOf, a_revocation_holds_at_once_and_after_a_restart) {
    config_.auth.mode = "jwt";
    const auto issuer = own_key();
    const auto made = token(issuer);
    const auto tokens = open();
    ASSERT_TRUE(tokens) << tokens.error().detail;
    EXPECT_TRUE(run((*tokens)->authenticate(made)));
    const auto fact = revocation_of("user:1", "lost", clock_.now());
    ASSERT_TRUE(run(runtime_->commands().record({"c", "http/c", "ann"}, fact)));
    (*tokens)->revoke(fact.subject, fact.issued_until);
    EXPECT_EQ(run((*tokens)->authenticate(made)).error(), auth::Fault::revoked);
    const auto again = open();
    ASSERT_TRUE(again) << again.error().detail;
    EXPECT_EQ(run((*again)->authenticate(made)).error(), auth::Fault::revoked);
}

}  // namespace
}  // namespace yeyak::server
