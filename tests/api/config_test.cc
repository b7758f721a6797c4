// Where a setting comes from, which source wins, and what is said about one that does not fit.
#include "server/config/config.h"
#include "api/systems/repairshop/settings.h"
#include "program/systems.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "server/config/config_keys.h"

namespace yeyak::api {
namespace {

// A folder of its own for every test; the file is named relatively, so that messages are short.
class Config : public testing::Test {
  protected:
    void SetUp() override {
        const auto* test = testing::UnitTest::GetInstance()->current_test_info();
        folder_ = std::filesystem::path(testing::TempDir()) / "yeyak_config_test" / test->name();
        std::filesystem::create_directories(folder_);
        before_ = std::filesystem::current_path();
        std::filesystem::current_path(folder_);
    }
    void TearDown() override {
        std::filesystem::current_path(before_);
        std::filesystem::remove_all(folder_);
    }

    static server::Settings file(const std::string& text) {
        std::ofstream("y.toml") << text;
        return {{"config", "y.toml"}};
    }
    static std::string refusal(const server::Settings& env, const server::Settings& flags) {
        const auto config = server::load_config(program::settings(), env, flags);
        return config ? "accepted" : config.error();
    }
    static std::string file_refusal(const std::string& text) { return refusal({}, file(text)); }

  private:
    std::filesystem::path folder_;
    std::filesystem::path before_;
};

TEST_F(Config, has_defaults_without_any_source) {
    const auto config = server::load_config(program::settings(), {}, {});
    ASSERT_TRUE(config) << config.error();
    EXPECT_EQ(*config, server::ServeConfig{});
    EXPECT_EQ(config->data, "./data");
    EXPECT_EQ(config->listen, "127.0.0.1");
    EXPECT_EQ(config->port, 8080);
    EXPECT_EQ(config->payment.timeout_ms, 620);
    EXPECT_EQ(config->disk_headroom_bytes, 268'435'456);
    EXPECT_EQ(config->system, std::nullopt);
    EXPECT_EQ(config->now, std::nullopt);
}

TEST_F(Config, reads_every_type_from_the_file) {
    const auto config = server::load_config(program::settings(), {}, file(R"(
data = "/var/lib/yeyak"
listen = "::1"
system = "market"
now = "2026-12-24T08:00:00+09:00"
[log]
format = "plain"
level = "warning"
[calls]
bulkhead = 0x14
[delivery]
requires_payment = true
[payment]
token_key_file = "/run/key"
)"));
    ASSERT_TRUE(config) << config.error();
    server::ServeConfig expected;
    expected.data = "/var/lib/yeyak";
    expected.listen = "::1";
    expected.system = "market";
    expected.now = Instant{1'798'066'800'000};
    expected.log = {log::Format::plain, log::Level::warning};
    expected.calls.bulkhead = 20;
    expected.systems.of<RepairshopSettings>().requires_payment = true;
    expected.payment.token_key_file = "/run/key";
    EXPECT_EQ(*config, expected);
}

TEST_F(Config, a_truth_and_a_choice_are_checked) {
    EXPECT_EQ(file_refusal("[delivery]\nrequires_payment = 'true'"),
              "y.toml:2:20: delivery.requires_payment = \"true\": must be true or false, not a "
              "string");
    EXPECT_EQ(refusal({{"YEYAK_DELIVERY_REQUIRES_PAYMENT", "yes"}}, {}),
              "YEYAK_DELIVERY_REQUIRES_PAYMENT = \"yes\": must be true or false");
    EXPECT_EQ(file_refusal("[delivery]\nmode = 'slow'"),
              "y.toml:2:8: delivery.mode = \"slow\": must be sync or async");
}

TEST_F(Config, what_is_said_of_proxies_is_checked) {
    EXPECT_EQ(refusal({{"YEYAK_PROXY_TRUSTED", "10.0.0.1/8"}}, {}),
              "YEYAK_PROXY_TRUSTED = \"10.0.0.1/8\": must be addresses and blocks with commas "
              "between them, such as 10.0.0.0/8,::1: '10.0.0.1/8' has bits beyond its prefix");
    EXPECT_EQ(refusal({{"YEYAK_PROXY_PUBLIC_ADDRESS", "shop.example"}}, {}),
              "YEYAK_PROXY_PUBLIC_ADDRESS = \"shop.example\": must be http:// or https://, a host "
              "and perhaps a path, without a slash at its end");
    EXPECT_EQ(refusal({{"YEYAK_PROXY_FIELD", "x-real-ip"}}, {}),
              "YEYAK_PROXY_FIELD = \"x-real-ip\": must be x-forwarded or forwarded");
}

TEST_F(Config, who_may_come_from_a_browser_is_checked) {
    EXPECT_EQ(
        refusal({{"YEYAK_HTTP_HOSTS", "reservation:8080"}}, {}),
        "YEYAK_HTTP_HOSTS = \"reservation:8080\": must be hosts with commas between them, such "
        "as reservation,shop.example: 'reservation:8080' is not the name of a host without a "
        "port");
    EXPECT_EQ(refusal({{"YEYAK_HTTP_ORIGINS", "*"}}, {}),
              "YEYAK_HTTP_ORIGINS = \"*\": must be origins with commas between them, such as "
              "https://shop.example: '*' is not http:// or https:// and a host, perhaps with a "
              "port");
}

TEST_F(Config, without_a_login_it_listens_to_this_machine_alone) {
    EXPECT_EQ(
        file_refusal("listen = '0.0.0.0'"),
        "listen = \"0.0.0.0\": must be a loopback address while auth.mode is open, because there "
        "is no login and everybody who reaches the port may do everything: set auth.mode to jwt, "
        "or set 127.0.0.1 or ::1, and let a proxy on this machine listen on the other address and "
        "ask who comes");
    EXPECT_EQ(file_refusal("listen = '0.0.0.0'\n[auth]\nmode = 'jwt'"), "accepted");
}

TEST_F(Config, who_makes_tokens_and_where_his_keys_are_is_said_together) {
    EXPECT_EQ(refusal({{"YEYAK_AUTH_MODE", "basic"}}, {}),
              "YEYAK_AUTH_MODE = \"basic\": must be open or jwt");
    EXPECT_EQ(refusal({{"YEYAK_AUTH_AUDIENCE", "a b"}}, {}),
              "YEYAK_AUTH_AUDIENCE = \"a b\": must be 1 to 500 bytes without spaces");
    EXPECT_EQ(file_refusal("[auth]\nissuer = 'https://id.example'\njwks = '/keys'"),
              "auth.issuer: means nothing while auth.mode is open: set auth.mode to jwt\n"
              "auth.jwks: means nothing while auth.mode is open: set auth.mode to jwt");
    EXPECT_EQ(file_refusal("[auth]\nmode = 'jwt'\njwks = '/keys'"),
              "auth.jwks: needs auth.issuer, as a token must say who made it, and the keys in the "
              "file are his");
    EXPECT_EQ(file_refusal("[auth]\nmode = 'jwt'\njwks = '/keys'\nissuer = 'us'"), "accepted");
}

TEST_F(Config, an_issuer_is_asked_for_keys_where_nobody_can_put_in_his_own) {
    const auto asked = [&](const std::string& issuer) {
        return file_refusal("[auth]\nmode = 'jwt'\nissuer = '" + issuer + "'");
    };
    for (const auto* issuer : {"https://id.example", "https://id.example/shop/",
                               "http://127.0.0.1:8081", "http://[::1]/a", "http://localhost:9"})
        EXPECT_EQ(asked(issuer), "accepted") << issuer;
    for (const auto* issuer : {"http://id.example", "http://127.0.0.1.example", "id.example",
                               "https://", "http://[::2]", "https://id.example?a"})
        EXPECT_TRUE(asked(issuer).contains("must be https://")) << issuer;
}

TEST_F(Config, the_token_of_a_client_is_no_setting) {
    EXPECT_EQ(refusal({{"YEYAK_TOKEN", "a.b.c"}}, {}), "accepted");
}

TEST_F(Config, a_secret_has_no_flag_and_is_not_repeated) {
    const std::string key(64, '7');
    EXPECT_EQ(server::load_config(program::settings(), {{"YEYAK_PRIVACY_MASTER_KEY", key}}, {})
                  .value()
                  .privacy.master_key,
              key);
    EXPECT_EQ(refusal({{"YEYAK_PRIVACY_MASTER_KEY", "hush"}}, {}),
              "YEYAK_PRIVACY_MASTER_KEY = (not shown): must be 64 hexadecimal digits (0-9, a-f)");
    EXPECT_EQ(file_refusal("[privacy]\nmaster_key = 'hush'"),
              "y.toml:2:14: privacy.master_key = (not shown): must be 64 hexadecimal digits (0-9, "
              "a-f)");
    EXPECT_EQ(server::config_reference(program::settings()).find("--privacy-master-key\n"),
              std::string::npos);
}

TEST_F(Config, takes_an_instant_of_toml) {
    const auto config =
        server::load_config(program::settings(), {}, file("now = 2026-12-24T08:00:00.250+09:00"));
    ASSERT_TRUE(config) << config.error();
    EXPECT_EQ(config->now, Instant{1'798'066'800'250});
}

TEST_F(Config, a_flag_beats_a_variable_and_a_variable_beats_the_file) {
    auto flags = file("port = 1\nreply_timeout_ms = 1\nread_wait_ms = 1");
    flags["port"] = "3";
    const server::Settings env = {
        {"YEYAK_PORT", "2"}, {"YEYAK_REPLY_TIMEOUT_MS", "2"}, {"HOME", "/nowhere"}};
    const auto config = server::load_config(program::settings(), env, flags);
    ASSERT_TRUE(config) << config.error();
    EXPECT_EQ(config->port, 3);
    EXPECT_EQ(config->reply_timeout_ms, 2);
    EXPECT_EQ(config->read_wait_ms, 1);
}

TEST_F(Config, the_flag_for_the_file_beats_the_variable) {
    std::ofstream("other.toml") << "port = 2";
    const server::Settings env = {{"YEYAK_CONFIG", "other.toml"}};
    EXPECT_EQ(server::load_config(program::settings(), env, {}).value().port, 2);
    EXPECT_EQ(server::load_config(program::settings(), env, file("port = 1")).value().port, 1);
}

TEST_F(Config, an_empty_text_unsets_a_key_without_default) {
    auto flags = file("system = \"market\"");
    flags["system"] = "";
    EXPECT_EQ(server::load_config(program::settings(), {}, flags).value().system, std::nullopt);
}

TEST_F(Config, an_empty_table_is_no_mistake) { EXPECT_EQ(file_refusal("[payment]\n"), "accepted"); }

TEST_F(Config, every_limit_counts_as_allowed_and_the_next_number_does_not) {
    for (const server::ConfigKey& key : program::settings()) {
        if (!is_number(key)) continue;
        server::ServeConfig config;
        EXPECT_TRUE(assign(key, config, std::to_string(key.min))) << key.path;
        EXPECT_FALSE(assign(key, config, std::to_string(key.min - 1))) << key.path;
        EXPECT_TRUE(assign(key, config, std::to_string(key.max))) << key.path;
        if (key.max == server::any_number) continue;
        EXPECT_FALSE(assign(key, config, std::to_string(key.max + 1))) << key.path;
    }
}

TEST_F(Config, every_row_has_a_name_and_a_field_of_its_own) {
    std::set<std::string> variables;
    std::set<std::string> flags;
    std::set<const void*> fields;
    server::ServeConfig config;
    const auto address = [](const auto* field) { return static_cast<const void*>(field); };
    for (const server::ConfigKey& key : program::settings()) {
        EXPECT_TRUE(variables.insert(server::variable_of(key.path)).second) << key.path;
        EXPECT_TRUE(flags.insert(server::flag_of(key.path)).second) << key.path;
        EXPECT_TRUE(fields.insert(std::visit(address, key.field(config))).second) << key.path;
    }
    EXPECT_EQ(server::variable_of("payment.timeout_ms"), "YEYAK_PAYMENT_TIMEOUT_MS");
    EXPECT_EQ(server::flag_of("payment.timeout_ms"), "--payment-timeout-ms");
}

TEST_F(Config, the_reference_is_a_file_that_changes_nothing) {
    const auto config = server::load_config(program::settings(), {},
                                            file(server::config_reference(program::settings())));
    ASSERT_TRUE(config) << config.error();
    EXPECT_EQ(*config, server::ServeConfig{});
    EXPECT_NE(server::config_reference(program::settings())
                  .find("[payment]\n"
                        "# time for the payment provider to answer: from 1 to 60000.\n"
                        "# YEYAK_PAYMENT_TIMEOUT_MS or --payment-timeout-ms\n"
                        "timeout_ms = 620\n"),
              std::string::npos)
        << server::config_reference(program::settings());
}

TEST_F(Config, the_reference_gives_defaults_and_not_what_the_program_has_anyway) {
    for (const server::ConfigKey& key : program::settings()) {
        const auto value = server::default_value(key);
        if (!value) continue;
        server::ServeConfig config;
        const bool quoted = value->starts_with('"');
        const auto text = quoted ? value->substr(1, value->size() - 2) : *value;
        EXPECT_TRUE(assign(key, config, text)) << key.path;
        EXPECT_EQ(config, server::ServeConfig{}) << key.path;
    }
}

// The messages, each one word for word.

TEST_F(Config, says_where_the_file_has_an_unknown_key) {
    EXPECT_EQ(file_refusal("[payment]\n  timeout = 620\n"),
              "y.toml:2:3: unknown key \"payment.timeout\"; did you mean payment.timeout_ms?");
    EXPECT_EQ(file_refusal("[payment]\nport = 80\n"),
              "y.toml:2:1: unknown key \"payment.port\"; did you mean port?");
    EXPECT_EQ(file_refusal("colour = 1"), "y.toml:1:1: unknown key \"colour\"");
    EXPECT_EQ(file_refusal("[colours]"), "y.toml:1:2: unknown key \"colours\"");
    EXPECT_EQ(file_refusal("payment = 3"), "y.toml:1:1: payment is a table, not a value");
}

TEST_F(Config, says_where_the_file_has_a_wrong_type) {
    EXPECT_EQ(file_refusal("port = \"80\""),
              "y.toml:1:8: port = \"80\": must be a whole number, not a string");
    EXPECT_EQ(file_refusal("port = 1.5"),
              "y.toml:1:8: port = 1.5: must be a whole number, not a decimal number");
    EXPECT_EQ(file_refusal("port = true"),
              "y.toml:1:8: port = true: must be a whole number, not a boolean");
    EXPECT_EQ(file_refusal("port = [80]"),
              "y.toml:1:8: port = [...]: must be a whole number, not an array");
    EXPECT_EQ(file_refusal("port = {}"),
              "y.toml:1:8: port = {}: must be a whole number, not a table");
    EXPECT_EQ(file_refusal("now = 2026-12-24"),
              "y.toml:1:7: now = ...: must be a string, not a date or a time");
    EXPECT_EQ(file_refusal("\n\ndata = 7"), "y.toml:3:8: data = 7: must be a string, not a number");
    EXPECT_EQ(file_refusal("data = 2026-12-24T08:00:00Z"),
              "y.toml:1:8: data = 2026-12-24T08:00:00Z: must be a string, not a date-time");
}

TEST_F(Config, says_where_the_file_has_a_bad_value) {
    EXPECT_EQ(file_refusal("port = 70000"), "y.toml:1:8: port = 70000: must be from 0 to 65535");
    EXPECT_EQ(file_refusal("disk_headroom_bytes = -1"),
              "y.toml:1:23: disk_headroom_bytes = -1: must be at least 0");
    EXPECT_EQ(file_refusal("data = ''"), "y.toml:1:8: data = \"\": must not be empty");
    EXPECT_EQ(file_refusal("data = \"a\\u0000\""),
              "y.toml:1:8: data = \"a\\x00\": must not hold a zero byte");
    EXPECT_EQ(file_refusal("listen = 'localhost'"),
              "y.toml:1:10: listen = \"localhost\": must be an IPv4 or IPv6 address");
    EXPECT_EQ(file_refusal("system = 'a/b'"),
              "y.toml:1:10: system = \"a/b\": must be the name of a system: small letters, digits "
              "and underscores");
    EXPECT_EQ(file_refusal("log.format = 'xml'"),
              "y.toml:1:14: log.format = \"xml\": must be auto, json or plain");
    EXPECT_EQ(file_refusal("now = 2026-12-24T08:00:00"),
              "y.toml:1:7: now = 2026-12-24T08:00:00: must be an instant with seconds and an "
              "offset, such as 2026-12-24T08:00:00+09:00");
}

TEST_F(Config, says_where_the_file_is_no_toml_or_cannot_be_read) {
    EXPECT_EQ(file_refusal("port = 1\nport = 2\n"),
              "y.toml:2:8: Error while parsing key-value pair: cannot redefine existing integer "
              "'port'");
    EXPECT_EQ(refusal({}, {{"config", "none.toml"}}),
              "none.toml: cannot be read: No such file or directory");
    EXPECT_EQ(refusal({}, {{"config", "."}}), ".: cannot be read: Is a directory");
    EXPECT_EQ(refusal({{"YEYAK_CONFIG", ""}}, {}), ": cannot be read: No such file or directory");
}

TEST_F(Config, says_what_is_wrong_with_a_variable) {
    EXPECT_EQ(refusal({{"YEYAK_PORT", "80a"}}, {}), "YEYAK_PORT = \"80a\": must be a whole number");
    EXPECT_EQ(refusal({{"YEYAK_PORT", ""}}, {}), "YEYAK_PORT = \"\": must be a whole number");
    EXPECT_EQ(refusal({{"YEYAK_PORT", "99999999999999999999"}}, {}),
              "YEYAK_PORT = \"99999999999999999999\": must be from 0 to 65535");
    EXPECT_EQ(refusal({{"YEYAK_PROT", "80"}}, {}),
              "unknown variable YEYAK_PROT; did you mean YEYAK_PORT?");
    EXPECT_EQ(refusal({{"YEYAK_CONFIGS", "80"}}, {}),
              "unknown variable YEYAK_CONFIGS; did you mean YEYAK_CONFIG?");
    EXPECT_EQ(refusal({{"YEYAK_COLOUR_OF_THE_SKY", "80"}}, {}),
              "unknown variable YEYAK_COLOUR_OF_THE_SKY");
}

TEST_F(Config, says_where_the_variables_of_kubernetes_come_from) {
    const std::string advice =
        "; Kubernetes sets it beside a service of that name: set enableServiceLinks to false in "
        "the pod";
    EXPECT_EQ(refusal({{"YEYAK_PORT", "tcp://10.0.0.1:80"}}, {}),
              "YEYAK_PORT = \"tcp://10.0.0.1:80\": must be a whole number" + advice);
    EXPECT_EQ(refusal({{"YEYAK_SERVICE_HOST", "10.0.0.1"}}, {}),
              "unknown variable YEYAK_SERVICE_HOST" + advice);
}

TEST_F(Config, says_what_is_wrong_with_a_flag) {
    EXPECT_EQ(refusal({}, {{"payment.timeout_ms", "0"}}),
              "--payment-timeout-ms \"0\": must be from 1 to 60000");
    EXPECT_EQ(refusal({}, {{"log.level", "loud\x1b[2J"}}),
              "--log-level \"loud\\x1b[2J\": must be debug, info, warning or error");
    EXPECT_EQ(refusal({}, {{"payment.time", "0"}}), "unknown flag --payment-time");
}

TEST_F(Config, says_everything_at_once_in_the_order_of_the_sources) {
    auto flags = file("[calls]\nbulkhead = 0\n[log]\nlevel = 'x'\n");
    flags["port"] = "-1";
    EXPECT_EQ(refusal({{"YEYAK_X", ""}}, flags),
              "y.toml:2:12: calls.bulkhead = 0: must be from 1 to 10000\n"
              "y.toml:4:9: log.level = \"x\": must be debug, info, warning or error\n"
              "unknown variable YEYAK_X\n"
              "--port \"-1\": must be from 0 to 65535");
}

}  // namespace
}  // namespace yeyak::api
