// What is set wrong about TLS is told before anything is opened.
#include "program/listening.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yeyak::program {
namespace {

using ::testing::HasSubstr;

std::string error_of(const server::TlsConfig& tls) {
    server::ServeConfig config;
    config.tls = tls;
    const auto listening = prepare_to_listen(config);
    return listening ? "nothing" : listening.error();
}

TEST(PreparingToListen, without_tls_is_plain) {
    server::ServeConfig config;
    const auto listening = prepare_to_listen(config);
    ASSERT_TRUE(listening.has_value());
    EXPECT_EQ(listening->tls, nullptr);
    EXPECT_EQ(listening->socket, std::nullopt);
    EXPECT_EQ(config, server::ServeConfig{});
}

TEST(PreparingToListen, needs_a_certificate_and_its_key) {
    EXPECT_THAT(error_of({"cert.pem", {}, {}, false}), HasSubstr("belong together"));
    EXPECT_THAT(error_of({{}, "key.pem", {}, false}), HasSubstr("belong together"));
    EXPECT_THAT(error_of({"absent.pem", "key.pem", {}, false}),
                HasSubstr("absent.pem cannot be read"));
}

TEST(PreparingToListen, asks_clients_only_with_all_that_it_takes) {
    EXPECT_THAT(error_of({{}, {}, "clients.pem", false}), HasSubstr("needs tls.cert and tls.key"));
    EXPECT_THAT(error_of({"cert.pem", "key.pem", {}, true}),
                HasSubstr("tls.client_required needs tls.client_ca"));
}

}  // namespace
}  // namespace yeyak::program
