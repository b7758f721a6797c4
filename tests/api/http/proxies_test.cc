// Who a request is from when it came through proxies, and how he sees the server.
#include "api/http/proxies.h"

#include <gtest/gtest.h>

namespace yeyak::http {
namespace {

using Field = ProxyOptions::Field;

ProxyOptions trusting(std::string_view blocks, Field field = Field::x_forwarded) {
    ProxyOptions options;
    options.trusted = *AddressBlocks::parse(blocks);
    options.field = field;
    return options;
}

// "address base" of a request that comes from a peer.
std::string seen(const ProxyOptions& options, Headers headers, std::string_view peer = "10.0.0.1") {
    headers.add("Host", "backend:8080");
    const auto sender = sender_of(headers, peer, options);
    return sender.address + " " + sender.base;
}

const Headers behind_tls{{"X-Forwarded-For", "203.0.113.9"},
                         {"X-Forwarded-Proto", "https"},
                         {"X-Forwarded-Host", "shop.example"}};
const Headers behind_tls_as_rfc{{"Forwarded", "for=203.0.113.9;proto=https;host=shop.example"}};

TEST(Proxies, nobody_is_believed_who_is_not_trusted) {
    const std::string alone = "10.0.0.1 http://backend:8080";
    EXPECT_EQ(seen(trusting(""), behind_tls), alone);
    EXPECT_EQ(seen(trusting("10.0.0.2, 192.168.0.0/16"), behind_tls), alone);
    EXPECT_EQ(seen(trusting("", Field::forwarded), behind_tls_as_rfc), alone);
}

TEST(Proxies, one_that_is_trusted_says_who_the_client_is_and_what_he_sees) {
    const std::string shop = "203.0.113.9 https://shop.example";
    EXPECT_EQ(seen(trusting("10.0.0.0/8"), behind_tls), shop);
    EXPECT_EQ(seen(trusting("10.0.0.1", Field::forwarded), behind_tls_as_rfc), shop);
    EXPECT_EQ(seen(trusting("10.0.0.0/8"), behind_tls, "::ffff:10.0.0.1"), shop);
}

TEST(Proxies, only_the_field_that_the_proxies_write_is_read) {
    EXPECT_EQ(seen(trusting("10.0.0.1"), behind_tls_as_rfc), "10.0.0.1 http://backend:8080");
    EXPECT_EQ(seen(trusting("10.0.0.1", Field::forwarded), behind_tls),
              "10.0.0.1 http://backend:8080");
}

TEST(Proxies, what_a_client_wrote_before_the_first_of_them_counts_for_nothing) {
    EXPECT_EQ(seen(trusting("10.0.0.0/8"), {{"X-Forwarded-For", "10.0.0.9, 203.0.113.9"},
                                            {"X-Forwarded-Proto", "https, http"},
                                            {"X-Forwarded-Host", "evil.example, shop.example"}}),
              "203.0.113.9 http://shop.example");
    EXPECT_EQ(seen(trusting("10.0.0.0/8", Field::forwarded),
                   {{"Forwarded", "for=10.0.0.9;host=evil.example"},
                    {"Forwarded", "for=203.0.113.9;host=shop.example"}}),
              "203.0.113.9 http://shop.example");
}

TEST(Proxies, a_chain_of_them_is_followed_to_the_outermost) {
    EXPECT_EQ(seen(trusting("10.0.0.0/8"), {{"X-Forwarded-For", "203.0.113.9, 10.0.0.7, 10.0.0.8"},
                                            {"X-Forwarded-Proto", "https, http, http"}}),
              "203.0.113.9 https://backend:8080");
    EXPECT_EQ(seen(trusting("10.0.0.0/8, 2001:db8::/32", Field::forwarded),
                   {{"Forwarded",
                     "For=\"[2001:DB8:1::7]:4711\";Proto=HTTPS;Host=\"a.example:444\""
                     ", for=10.0.0.7;by=10.0.0.8;proto=http"}}),
              "2001:db8:1::7 https://a.example:444");
}

TEST(Proxies, who_is_hidden_counts_as_the_proxy_that_hides_him) {
    for (const auto* node : {"unknown", "_gazonk", "\"_a:1\"", "\"\"", "300.1.2.3"})
        EXPECT_EQ(seen(trusting("10.0.0.1", Field::forwarded),
                       {{"Forwarded", std::string{"for="} + node + ";proto=https"}}),
                  "10.0.0.1 https://backend:8080")
            << node;
}

TEST(Proxies, what_is_no_scheme_or_host_is_left_out) {
    EXPECT_EQ(seen(trusting("10.0.0.1"), {{"X-Forwarded-Proto", "javascript"},
                                          {"X-Forwarded-Host", "a\"b"},
                                          {"X-Forwarded-For", "192.0.2.4:80"}}),
              "192.0.2.4 http://backend:8080");
    EXPECT_EQ(
        seen(trusting("10.0.0.1", Field::forwarded), {{"Forwarded", "host=\"a\\\"b\";;=;for"}}),
        "10.0.0.1 http://backend:8080");
}

TEST(Proxies, an_address_that_is_set_is_what_links_begin_with) {
    auto options = trusting("10.0.0.1");
    options.public_address = "https://shop.example/api";
    EXPECT_EQ(seen(options, {}), "10.0.0.1 https://shop.example/api");
    EXPECT_EQ(seen(options, behind_tls), "203.0.113.9 https://shop.example/api");
    EXPECT_EQ(sender_of(behind_tls, "10.0.0.1", options).authority, "shop.example");
}

TEST(AddressBlocks, hold_what_their_prefix_says) {
    const auto blocks = *AddressBlocks::parse(" 10.0.0.0/8,192.0.2.7 , 2001:db8::/33 ");
    for (const auto* in :
         {"10.0.0.0", "10.255.255.255", "::ffff:10.1.2.3", "192.0.2.7", "2001:db8:7fff::1"})
        EXPECT_TRUE(blocks.contains(in)) << in;
    for (const auto* out : {"11.0.0.0", "9.255.255.255", "192.0.2.8", "2001:db8:8000::", "::", "",
                            "10.0.0", "fe80::1%lo"})
        EXPECT_FALSE(blocks.contains(out)) << out;
    EXPECT_TRUE(AddressBlocks::parse("0.0.0.0/0")->contains("203.0.113.9"));
    EXPECT_FALSE(AddressBlocks::parse("0.0.0.0/0")->contains("2001:db8::1"));
    EXPECT_TRUE(AddressBlocks::parse("::/0")->contains("203.0.113.9"));
    EXPECT_FALSE(AddressBlocks::parse("")->contains("127.0.0.1"));
}

TEST(AddressBlocks, what_is_wrong_is_said) {
    for (const auto* bad : {"10.0.0.1/8", "10.0.0.0/33", "::1/129", "10.0.0.0/", "10.0.0.0/a",
                            "10.0.0.0/-1", "proxy.example", ",", "10.0.0.1,", "/8"})
        EXPECT_FALSE(AddressBlocks::parse(bad)) << bad;
}

TEST(BaseAddress, is_a_scheme_a_host_and_perhaps_a_path) {
    for (const auto* good :
         {"http://localhost:8080", "https://shop.example", "https://[::1]/api/v1"})
        EXPECT_TRUE(is_base_address(good)) << good;
    for (const auto* bad : {"", "shop.example", "ftp://shop.example", "https://", "https:///x",
                            "https://shop.example/", "https://a.example?x", "https://a b",
                            "https://a.example/\"", "https://user@a.example"})
        EXPECT_FALSE(is_base_address(bad)) << bad;
}

}  // namespace
}  // namespace yeyak::http
