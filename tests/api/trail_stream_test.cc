// Whoever reads a trail can tell a part of it from the whole.
#include "tests/api/guarded_server.h"

namespace yeyak::program {
namespace {

using http::Method;

// Takes so many pieces; then its stream is to end, as when a token is over or the server drains.
class Taker final : public http::StreamWriter {
  public:
    explicit Taker(std::size_t pieces) : most_(pieces) {}

    boost::asio::awaitable<bool> write(std::string bytes) override {
        if (closing()) co_return false;
        ++taken;
        text += bytes;
        co_return true;
    }
    boost::asio::awaitable<void> turn() override { co_return; }
    bool closing() const override { return taken == most_; }
    void on_closing(std::function<void()>) override {}
    std::chrono::steady_clock::duration standing_still() const override { return {}; }
    void cut() override { was_cut = true; }

    std::size_t taken = 0;
    std::string text;
    bool was_cut = false;

  private:
    const std::size_t most_;
};

class TrailStream : public GuardedServer {
  protected:
    Taker read(std::size_t pieces) {
        Ask ask{Method::post, "/audit/trail", token_of({.roles = {"auditor"}})};
        ask.query = Parameters{{"stream", "own-1"}};
        const auto response = send(ask);
        EXPECT_EQ(response.status, 200) << response.body;
        Taker taker{pieces};
        run(response.stream(taker));
        return taker;
    }
};

TEST_F(TrailStream, that_ends_before_all_is_told_is_cut) {
    ASSERT_EQ(send({Method::post, "/streams/own-1", token_of({.roles = {"operator"}}),
                    R"({"type":"noted","data":{}})"})
                  .status,
              201);
    const auto whole = read(100);
    EXPECT_FALSE(whole.was_cut);
    EXPECT_TRUE(whole.text.ends_with("]}") || whole.text.ends_with("]}\n")) << whole.text;
    ASSERT_GT(whole.taken, 1U);
    for (std::size_t pieces = 0; pieces < whole.taken; ++pieces)
        EXPECT_TRUE(read(pieces).was_cut) << pieces;
    EXPECT_FALSE(read(whole.taken).was_cut) << "nothing is left to be told";
}

}  // namespace
}  // namespace yeyak::program
