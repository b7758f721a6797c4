// What a page of another site sends through a visitor's browser.
#include "api/http/foreign_page.h"

#include <gtest/gtest.h>

namespace yeyak::http {
namespace {

bool passes(Method method, Headers headers, std::vector<std::string> origins = {}) {
    Request request;
    request.method = method;
    request.headers = std::move(headers);
    const auto refused = refuse_foreign_page(request, origins);
    if (!refused) return true;
    EXPECT_EQ(refused->status, 403);
    EXPECT_NE(refused->body.find("\"code\":\"foreign_page\""), std::string::npos) << refused->body;
    return false;
}

const NamedValue host{"Host", "localhost:8080"};

TEST(ForeignPage, programs_say_nothing_of_a_page) {
    for (const auto method : {Method::post, Method::put, Method::patch, Method::delete_})
        EXPECT_TRUE(passes(method, {host}));
}

TEST(ForeignPage, a_page_of_this_server_may_command) {
    EXPECT_TRUE(passes(Method::post, {host, {"Origin", "http://localhost:8080"}}));
    EXPECT_TRUE(passes(Method::post, {host, {"Sec-Fetch-Site", "same-origin"}}));
    EXPECT_TRUE(passes(Method::post, {host, {"Sec-Fetch-Site", "none"}})) << "typed by hand";
    EXPECT_TRUE(
        passes(Method::post, {{"Host", "shop.example"}, {"Origin", "https://shop.example"}}))
        << "behind a proxy that speaks TLS";
    EXPECT_TRUE(
        passes(Method::post, {{"Host", "shop.example:443"}, {"Origin", "https://shop.example"}}))
        << "browsers leave out the port that the scheme has anyway";
    EXPECT_FALSE(
        passes(Method::post, {{"Host", "shop.example:443"}, {"Origin", "http://shop.example"}}));
}

TEST(ForeignPage, any_other_may_not) {
    for (const auto method : {Method::post, Method::put, Method::patch, Method::delete_}) {
        EXPECT_FALSE(passes(method, {host, {"Origin", "https://evil.example"}}));
        EXPECT_FALSE(passes(method, {host, {"Sec-Fetch-Site", "cross-site"}}));
    }
    EXPECT_FALSE(passes(Method::post, {host, {"Sec-Fetch-Site", "same-site"}}));
    EXPECT_FALSE(passes(Method::post, {host, {"Origin", "null"}})) << "a sandboxed frame";
    EXPECT_FALSE(passes(Method::post, {host, {"Origin", "http://localhost:8081"}}));
    EXPECT_FALSE(passes(Method::post, {host, {"Origin", ""}}));
    EXPECT_FALSE(passes(Method::post, {{"Origin", "http://localhost:8080"}}));
    EXPECT_FALSE(
        passes(Method::post,
               {host, {"Origin", "http://localhost:8080"}, {"Origin", "https://evil.example"}}));
}

TEST(ForeignPage, nor_read) {
    for (const auto method : {Method::get, Method::head, Method::options}) {
        EXPECT_FALSE(passes(method, {host, {"Origin", "https://evil.example"}}));
        EXPECT_FALSE(passes(method, {host, {"Sec-Fetch-Site", "cross-site"}}));
    }
}

Headers fetched(std::string_view mode, std::string_view destination) {
    Headers headers{host, {"Sec-Fetch-Site", "cross-site"}};
    headers.add("Sec-Fetch-Mode", mode);
    headers.add("Sec-Fetch-Dest", destination);
    return headers;
}

TEST(ForeignPage, may_link_here) {
    EXPECT_TRUE(passes(Method::get, fetched("navigate", "document")));
    EXPECT_FALSE(passes(Method::get, fetched("navigate", "iframe")));
    EXPECT_FALSE(passes(Method::get, fetched("no-cors", "image")));
    EXPECT_FALSE(passes(Method::get, fetched("no-cors", "document")));
    EXPECT_FALSE(passes(Method::post, fetched("navigate", "document"))) << "a form";
    auto with_origin = fetched("navigate", "document");
    with_origin.add("Origin", "https://evil.example");
    EXPECT_FALSE(passes(Method::get, with_origin));
}

TEST(ForeignPage, of_an_origin_that_is_named_may_come) {
    const std::vector<std::string> named{"https://shop.example", "http://localhost:3000"};
    for (const auto method : {Method::get, Method::post, Method::options}) {
        const NamedValue cross{"Sec-Fetch-Site", "cross-site"};
        EXPECT_TRUE(passes(method, {host, {"Origin", "https://shop.example"}, cross}, named));
        EXPECT_TRUE(passes(method, {host, {"Origin", "http://localhost:3000"}}, named));
        EXPECT_FALSE(passes(method, {host, cross}, named)) << "it does not say which page";
        for (const auto* other :
             {"http://shop.example", "https://shop.example:8443", "https://shop.example.evil",
              "https://evil.example", "null", "", "https://shop.example/"})
            EXPECT_FALSE(passes(method, {host, {"Origin", other}}, named)) << other;
    }
    EXPECT_FALSE(passes(
        Method::post, {host, {"Origin", "http://localhost:8080"}, {"Sec-Fetch-Site", "cross-site"}},
        named))
        << "a page of the same name over another scheme";
}

bool is_known(Headers headers, std::string authority, std::vector<std::string> hosts) {
    Request request;
    request.headers = std::move(headers);
    request.authority = std::move(authority);
    const auto refused = refuse_unknown_host(request, hosts);
    if (!refused) return true;
    EXPECT_EQ(refused->status, 403);
    EXPECT_NE(refused->body.find("\"code\":\"unknown_host\""), std::string::npos) << refused->body;
    return false;
}

bool is_known(std::string host_field) {
    return is_known({{"Host", host_field}}, host_field, {"localhost", "[::1]", "shop.example"});
}

TEST(UnknownHost, a_name_is_known_with_any_port) {
    for (const auto* name : {"localhost", "localhost:8080", "LocalHost:1", "[::1]", "[::1]:8080",
                             "shop.example", "Shop.Example:443"})
        EXPECT_TRUE(is_known(name)) << name;
}

TEST(UnknownHost, any_other_is_refused) {
    for (const auto* name :
         {"evil.example", "evil.example:8080", "localhost.evil.example", "evil-localhost",
          "localhost.", "", ":8080", "[::1", "[::1]x", "[::1]evil.example:80", "[::2]", "::1",
          "127.0.0.1", "shop.example.", "xshop.example", "0", "localhost%00"})
        EXPECT_FALSE(is_known(name)) << name;
}

TEST(UnknownHost, what_a_proxy_was_asked_for_counts_too) {
    const std::vector<std::string> hosts{"localhost", "shop.example"};
    EXPECT_TRUE(is_known({{"Host", "localhost:8080"}}, "shop.example", hosts));
    EXPECT_FALSE(is_known({{"Host", "localhost:8080"}}, "evil.example", hosts));
    EXPECT_FALSE(is_known({{"Host", "evil.example"}}, "shop.example", hosts))
        << "a page that calls this machine by its own name can write what proxies write";
}

TEST(UnknownHost, who_names_none_is_no_browser) {
    EXPECT_TRUE(is_known({}, "localhost", {"localhost"}));
    EXPECT_FALSE(is_known({}, "evil.example", {"localhost"})) << "a proxy was asked for it";
}

}  // namespace
}  // namespace yeyak::http
