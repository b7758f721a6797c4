// The memory that clients share, and the places that streams occupy.
#include "api/http/budget.h"

#include <gtest/gtest.h>

#include "api/http/holding.h"
#include "api/http/places.h"
#include "tests/api/http/test_server.h"

namespace yeyak::http {
namespace {

using namespace testing;
using namespace std::chrono_literals;

constexpr std::size_t mib = 1024 * 1024;

TEST(Budget, one_address_alone_gets_half) {
    const auto budget = std::make_shared<Budget>(120);
    auto one = budget->open("a");
    EXPECT_TRUE(one.resize(60));
    EXPECT_FALSE(one.resize(61));
    EXPECT_EQ(one.size(), 60U) << "what is refused changes nothing";
    auto more = budget->open("a");
    EXPECT_FALSE(more.resize(1));
    EXPECT_EQ(budget->report().refused, 2U);
}

TEST(Budget, whoever_comes_next_finds_room) {
    const auto budget = std::make_shared<Budget>(std::size_t{1} << 20);
    std::vector<Budget::Share> shares;
    for (int address = 0; address < 10; ++address) {
        shares.push_back(budget->open(std::to_string(address)));
        std::size_t size = 0;
        while (shares.back().resize(size + 1)) ++size;
        EXPECT_GT(size, (std::size_t{1} << 20) >> (address + 2)) << address;
    }
    EXPECT_LT(budget->report().used, budget->report().limit);
}

TEST(Budget, gives_back_what_ends) {
    const auto budget = std::make_shared<Budget>(100);
    {
        auto first = budget->open("a");
        auto second = budget->open("a");
        EXPECT_TRUE(first.resize(30));
        EXPECT_TRUE(second.resize(20));
        EXPECT_TRUE(first.resize(10));
        EXPECT_EQ(budget->report().used, 30U);
        first = std::move(second);
        EXPECT_EQ(budget->report().used, 20U);
    }
    EXPECT_EQ(budget->report().used, 0U);
    EXPECT_EQ(budget->report().peak, 50U);
    auto again = budget->open("a");
    EXPECT_TRUE(again.resize(50));
}

TEST(Budget, what_is_set_is_counted_and_never_refused) {
    const auto budget = std::make_shared<Budget>(100);
    auto share = budget->open("a");
    share.set(150);
    EXPECT_EQ(budget->report().used, 150U);
    auto other = budget->open("b");
    EXPECT_FALSE(other.resize(1));
    share.set(0);
    EXPECT_TRUE(other.resize(1));
}

TEST(Holding, small_things_are_granted_when_nothing_is_left) {
    const auto budget = std::make_shared<Budget>(4 * connection_bytes);
    Holding holding{budget->open("a")};
    ASSERT_TRUE(holding.begin());
    auto hog = budget->open("b");
    hog.set(100 * connection_bytes);
    EXPECT_TRUE(holding.hold(small_bytes));
    EXPECT_FALSE(holding.hold(small_bytes + 1));
    Holding next{budget->open("a")};
    EXPECT_FALSE(next.begin()) << "a new connection waits until there is room";
}

// A stream of which only the time is known that its client has not read.
class StillWriter final : public StreamWriter {
  public:
    explicit StillWriter(std::chrono::milliseconds still) : still_(still) {}
    boost::asio::awaitable<bool> write(std::string) override { co_return false; }
    boost::asio::awaitable<void> turn() override { co_return; }
    bool closing() const override { return cut_; }
    void on_closing(std::function<void()>) override {}
    std::chrono::steady_clock::duration standing_still() const override { return still_; }
    void cut() override { cut_ = true; }

  private:
    std::chrono::milliseconds still_;
    bool cut_ = false;
};

TEST(Places, who_stands_still_longest_gives_his_place_back) {
    Places places{3, 1s};
    StillWriter reads{0s};
    StillWriter still{5s};
    StillWriter stiller{9s};
    std::vector<std::shared_ptr<Places::Place>> taken;
    std::vector<std::unique_ptr<Places::Place, Places::Place::Leave>> occupied;
    int address = 0;
    for (StreamWriter* writer : std::initializer_list<StreamWriter*>{&reads, &still, &stiller}) {
        taken.push_back(places.take(std::to_string(++address)));
        ASSERT_TRUE(taken.back());
        occupied.push_back(taken.back()->occupy(*writer));
    }
    taken.push_back(places.take("next"));
    EXPECT_TRUE(taken.back());
    EXPECT_TRUE(stiller.closing());
    EXPECT_FALSE(still.closing());
    taken.push_back(places.take("one more"));
    EXPECT_TRUE(taken.back());
    EXPECT_TRUE(still.closing());
    EXPECT_FALSE(places.take("too many")) << "who reads keeps his place";
    EXPECT_FALSE(reads.closing());
    EXPECT_EQ(places.report().refused, 1U);
    EXPECT_EQ(places.report().taken_away, 2U);
    occupied.clear();
    taken.clear();
    EXPECT_EQ(places.report().taken, 0U);
}

TEST(Places, one_address_has_half_of_them) {
    Places places{4};
    const auto first = places.take("crowd");
    auto second = places.take("crowd");
    EXPECT_TRUE(first && second);
    EXPECT_FALSE(places.take("crowd"));
    const auto other = places.take("other");
    EXPECT_TRUE(other);
    second.reset();
    EXPECT_TRUE(places.take("crowd"));
}

std::string unfinished(std::size_t length) {
    return "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(length) +
           "\r\n\r\n" + std::string(length - 1, 'x');
}

ServerOptions small_memory(std::size_t bytes) {
    ServerOptions options;
    options.memory_bytes = bytes;
    options.linger = 50ms;
    return options;
}

bool wait_until(const std::function<bool()>& holds) {
    for (int i = 0; i < 1000 && !holds(); ++i) std::this_thread::sleep_for(5ms);
    return holds();
}

TEST(Memory, bodies_that_never_end_leave_room_for_small_requests) {
    TestServer server{small_memory(16 * mib)};
    std::vector<std::unique_ptr<Client>> hogs;
    for (int i = 0; i < 24; ++i) {
        hogs.push_back(std::make_unique<Client>(server.port()));
        hogs.back()->send(unfinished(mib));
    }
    ASSERT_TRUE(wait_until([&] { return server.access_log().size() >= 16; }));
    const auto memory = server.server().report().memory;
    EXPECT_LE(memory.peak, memory.limit);
    EXPECT_GE(memory.refused, 16U);
    for (const auto& line : server.access_log()) EXPECT_EQ(line, "503  memory_full");
    Client quiet{server.port()};
    quiet.send(post("/echo", std::string(10'000, 'y')));
    EXPECT_EQ(status_of(quiet.answer()), 200);
    Client elsewhere{server.port(), 0, "127.0.0.2"};
    elsewhere.send(post("/echo", std::string(mib, 'z')));
    EXPECT_EQ(status_of(elsewhere.answer()), 200) << "another address has its own part";
    hogs.clear();
    ASSERT_TRUE(wait_until([&] { return server.server().report().memory.used < mib; }));
    quiet.send(post("/echo", std::string(mib, 'y')));
    EXPECT_EQ(status_of(quiet.answer()), 200);
}

TEST(Memory, who_is_turned_away_is_told_when_to_come_back) {
    TestServer server{small_memory(mib)};
    Client client{server.port()};
    client.send(unfinished(mib));
    const std::string told = client.answer();
    EXPECT_EQ(status_of(told), 503);
    EXPECT_NE(told.find("Retry-After: 1\r\n"), std::string::npos) << told;
    Client reader{server.port()};
    reader.send(get("/large"));  // 8 MiB
    const std::string refused = reader.answer();
    EXPECT_EQ(status_of(refused), 503);
    EXPECT_NE(refused.find("Retry-After: 1\r\n"), std::string::npos) << refused;
    reader.send(get("/hello"));
    EXPECT_EQ(status_of(reader.answer()), 200) << "the connection goes on";
}

TEST(Memory, an_answer_counts_until_it_is_sent) {
    ServerOptions options = small_memory(64 * mib);
    options.write_deadline = 200ms;
    TestServer server{options};
    Client deaf{server.port(), 4096};
    deaf.send(get("/large"));
    ASSERT_TRUE(wait_until([&] { return server.server().report().memory.used > 8 * mib; }));
    ASSERT_TRUE(server.wait_active(0));
    EXPECT_EQ(server.server().report().memory.used, 0U);
}

TEST(Memory, what_a_handler_holds_counts_until_its_answer) {
    TestServer server{small_memory(16 * mib)};
    const auto hold = get("/hold?bytes=" + std::to_string(5 * mib));
    Client first{server.port()};
    first.send(hold);
    ASSERT_TRUE(wait_until([&] { return server.server().report().memory.used > 5 * mib; }));
    Client second{server.port()};
    second.send(hold);
    EXPECT_EQ(status_of(second.answer()), 503) << "one address has half";
    Client elsewhere{server.port(), 0, "127.0.0.2"};
    elsewhere.send(hold);
    EXPECT_EQ(status_of(elsewhere.answer()), 200);
    EXPECT_EQ(status_of(first.answer()), 200);
    ASSERT_TRUE(wait_until([&] { return server.server().report().memory.used < mib; }));
    second.send(get("/hold?bytes=1000"));
    EXPECT_EQ(status_of(second.answer()), 200) << "what is small is always granted";
}

TEST(Connections, one_address_cannot_take_them_all) {
    ServerOptions options;
    options.max_connections_of_one = 2;
    options.linger = 50ms;
    TestServer server{options};
    std::optional<Client> first{server.port()};
    Client second{server.port()};
    ASSERT_TRUE(server.wait_active(2));
    Client third{server.port()};
    const std::string told = third.rest();
    EXPECT_EQ(status_of(told), 503);
    EXPECT_NE(told.find("too_many_connections_of_address"), std::string::npos) << told;
    Client elsewhere{server.port(), 0, "127.0.0.2"};
    elsewhere.send(get("/hello"));
    EXPECT_EQ(status_of(elsewhere.answer()), 200);
    first.reset();
    ASSERT_TRUE(wait_until([&] { return server.server().active() == 2; }));
    Client again{server.port()};
    again.send(get("/hello"));
    EXPECT_EQ(status_of(again.answer()), 200);
    EXPECT_EQ(server.server().report().refused, 1U);
}

ServerOptions behind_a_proxy() {
    ServerOptions options;
    options.max_connections_of_one = 1;
    options.proxies.trusted = *AddressBlocks::parse("127.0.0.1");
    return options;
}

int asked_for(Client& client, const std::string& whom) {
    client.send(get("/hello", "X-Forwarded-For: " + whom + "\r\n"));
    return status_of(client.answer());
}

TEST(Connections, of_a_trusted_proxy_count_for_its_clients) {
    TestServer server{behind_a_proxy()};
    Client first{server.port()};
    Client second{server.port()};
    EXPECT_EQ(asked_for(first, "203.0.113.1"), 200);
    EXPECT_EQ(asked_for(second, "203.0.113.2"), 200);
    EXPECT_EQ(asked_for(second, "203.0.113.1"), 503) << "he has a connection, the first one";
    EXPECT_EQ(asked_for(second, "203.0.113.2"), 200) << "the proxy keeps the connection";
    EXPECT_EQ(asked_for(first, "203.0.113.3"), 200);
    EXPECT_EQ(asked_for(second, "203.0.113.1"), 200);
    second.send(get("/hello"));
    EXPECT_EQ(status_of(second.answer()), 200) << "the proxy itself, of which there is no limit";
}

TEST(Connections, nobody_else_is_believed_when_he_speaks_for_others) {
    TestServer server{behind_a_proxy()};
    Client first{server.port(), 0, "127.0.0.2"};
    EXPECT_EQ(asked_for(first, "203.0.113.1"), 200);
    Client second{server.port(), 0, "127.0.0.2"};
    EXPECT_EQ(status_of(second.rest()), 503);
}

}  // namespace
}  // namespace yeyak::http
