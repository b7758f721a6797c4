// Commands that a page of another site sends through a visitor's browser.
#include "api/http/foreign_page.h"

#include <gtest/gtest.h>

namespace yeyak::http {
namespace {

bool passes(Method method, Headers headers) {
    Request request;
    request.method = method;
    request.headers = std::move(headers);
    const auto refused = refuse_foreign_page(request);
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

TEST(ForeignPage, reading_is_nobodys_harm) {
    for (const auto method : {Method::get, Method::head, Method::options})
        EXPECT_TRUE(passes(
            method, {host, {"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"}}));
}

}  // namespace
}  // namespace yeyak::http
