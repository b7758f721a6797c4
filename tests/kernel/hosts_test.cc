// Hosts and origins as an operator lists them.
#include "kernel/edge/hosts.h"

#include <gtest/gtest.h>

#include "kernel/edge/addresses.h"

namespace yeyak {
namespace {

using Names = std::vector<std::string>;

TEST(Hosts, are_listed_with_commas) {
    EXPECT_EQ(parse_hosts(""), Names{});
    EXPECT_EQ(parse_hosts(" "), Names{});
    EXPECT_EQ(parse_hosts("reservation, Shop.Example ,[2001:db8::1],10.0.0.7,a_b"),
              (Names{"reservation", "shop.example", "[2001:db8::1]", "10.0.0.7", "a_b"}));
}

TEST(Hosts, have_no_port_no_scheme_and_no_wildcard) {
    for (const auto* bad : {"reservation:8080", "https://shop.example", "*", "*.shop.example",
                            "a,,b", "a,", "a b", "[::1]:80", "[::1", "[2001:0db8::1]",
                            "[localhost]", "[127.0.0.1]", "::1", "예약", "a/b"}) {
        const auto hosts = parse_hosts(bad);
        ASSERT_FALSE(hosts.has_value()) << bad;
        EXPECT_NE(hosts.error().find("is not the name of a host without a port"), std::string::npos)
            << hosts.error();
    }
}

TEST(Origins, are_as_browsers_write_them) {
    EXPECT_EQ(parse_origins(""), Names{});
    EXPECT_EQ(parse_origins("https://Shop.Example, http://localhost:3000,https://[::1]:8443"),
              (Names{"https://shop.example", "http://localhost:3000", "https://[::1]:8443"}));
    for (const auto* bad :
         {"shop.example", "*", "null", "https://", "https://shop.example/", "ftp://shop.example",
          "https://shop.example:0", "https://a:65536", "https://a:080", "https://a:", "https://a:x",
          "https://u@a", "https://*.shop.example", "https://a,"})
        EXPECT_FALSE(parse_origins(bad).has_value()) << bad;
    EXPECT_EQ(parse_origins("https://a:443").error(),
              "browsers leave out the port of 'https://a:443'");
    EXPECT_FALSE(parse_origins("http://a:80").has_value());
    EXPECT_TRUE(parse_origins("http://a:443").has_value());
}

TEST(Hosts, are_cut_out_of_what_names_them) {
    EXPECT_EQ(host_of("shop.example:8080"), "shop.example");
    EXPECT_EQ(host_of("[::1]:8080"), "[::1]");
    EXPECT_EQ(host_of("[::1]"), "[::1]");
    EXPECT_EQ(host_of("[::1"), "[::1");
    EXPECT_EQ(host_of(""), "");
    EXPECT_EQ(host_from("::1"), "[::1]");
    EXPECT_EQ(host_from("127.0.0.1"), "127.0.0.1");
    EXPECT_EQ(authority_of("https://shop.example:8443/api/v1"), "shop.example:8443");
    EXPECT_EQ(authority_of("null"), "");
}

TEST(Addresses, of_this_machine_alone) {
    for (const auto* address : {"127.0.0.1", "127.255.0.7", "::1", "::ffff:127.0.0.1"})
        EXPECT_TRUE(is_loopback(address)) << address;
    for (const auto* address :
         {"0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "::2", "::ffff:10.0.0.1", "localhost", ""})
        EXPECT_FALSE(is_loopback(address)) << address;
}

}  // namespace
}  // namespace yeyak
