// Which tokens a revocation meets, and what stands in the log of it.
#include <fstream>

#include "tests/api/guarded_server.h"

namespace yeyak::program {
namespace {

constexpr std::string_view bearer = "Bearer ";

class RevokedTokens : public GuardedServer {
  protected:
    // Whether a token of user:1 counts that is dated so much later than now.
    std::string verdict(server::Tokens& tokens, std::int64_t ahead_ms) {
        const auto token = token_of({.issued_ms_ago = -ahead_ms}).substr(bearer.size());
        const auto verified = run(tokens.authenticate(token));
        return verified ? "taken" : std::string{auth::name_of(verified.error())};
    }
    std::size_t events_of(std::string stream) {
        eventstore::StreamQuery query;
        query.stream = std::move(stream);
        query.from = 1;
        return runtime_->reads().log().read_stream(query).value().events.size();
    }
};

TEST_F(RevokedTokens, are_those_of_an_issuer_whose_clock_is_ahead) {
    auto config = config_;
    config.auth.issuer = std::string{auth::own_issuer};
    config.auth.jwks = folder_.path() / "set";
    std::ofstream{*config.auth.jwks} << issuer_->key_set();
    const auto of_issuer = server::Tokens::open(config, runtime_->reads().log(), clock_);
    ASSERT_TRUE(of_issuer) << of_issuer.error().detail;
    for (auto* tokens : {of_issuer->get(), tokens_.get()}) {
        EXPECT_EQ(verdict(*tokens, 20'000), "taken");
        tokens->revoke("user:1", clock_.now());
        EXPECT_EQ(verdict(*tokens, 0), "revoked");
    }
    EXPECT_EQ(verdict(**of_issuer, 20'000), "revoked");
    EXPECT_EQ(verdict(*tokens_, 20'000), "taken") << "it is dated by this machine";
}

TEST_F(RevokedTokens, are_read_without_what_strangers_write) {
    const operations::TokensRefused refused{clock_.now(), clock_.now(), 1, {"expired"}, {}, false};
    ASSERT_TRUE(run(runtime_->commands().record({"c", "c", "system"}, refused)));
    EXPECT_EQ(events_of("operations.journal-refused-tokens"), 1U);
    EXPECT_EQ(events_of("operations.journal-tokens"), 0U);
}

}  // namespace
}  // namespace yeyak::program
