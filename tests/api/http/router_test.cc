// What falls out of the table of routes.
#include "api/http/router.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <stdexcept>
#include <thread>

namespace yeyak::http {
namespace {

boost::asio::awaitable<Response> show_route(Request& request) {
    std::string out{to_string(request.method)};
    for (const NamedValue& p : request.path_parameters) out += " " + p.name + "=" + p.value;
    co_return text(200, out);
}

boost::asio::awaitable<Response> throw_up(Request&) {
    throw std::runtime_error{"secret"};
    co_return no_content();
}

Route route(Method method, std::string pattern) {
    Route r;
    r.method = method;
    r.pattern = std::move(pattern);
    r.handler = show_route;
    r.doc.produces = {};
    return r;
}

Router table() {
    Router router;
    router.add(route(Method::get, "/"));
    router.add(route(Method::get, "/streams"));
    router.add(route(Method::get, "/streams/{stream}"));
    router.add(route(Method::post, "/streams/{id}"));
    router.add(route(Method::get, "/streams/all"));
    router.add(route(Method::get, "/streams/{stream}/events/{event}"));
    router.add(route(Method::delete_, "/streams/all/events/last"));
    return router;
}

Request request(Method method, std::string target) {
    Request r;
    r.method = method;
    r.target = std::move(target);
    return r;
}

Response run(const Router& router, Request& r, Router::ErrorCallback on_error = nullptr) {
    boost::asio::io_context io;
    Response response;
    auto work = router.dispatch(r, std::move(on_error));
    boost::asio::co_spawn(io, std::move(work), [&](std::exception_ptr e, Response result) {
        EXPECT_FALSE(e);
        response = std::move(result);
    });
    io.run();
    return response;
}

Response run(Method method, std::string target) {
    Request r = request(method, std::move(target));
    return run(table(), r);
}

TEST(Router, finds_routes_and_their_parameters) {
    EXPECT_EQ(run(Method::get, "/").body, "GET");
    EXPECT_EQ(run(Method::get, "/streams?x=1").body, "GET");
    EXPECT_EQ(run(Method::get, "/streams/a").body, "GET stream=a");
    EXPECT_EQ(run(Method::post, "/streams/a").body, "POST id=a");
    EXPECT_EQ(run(Method::get, "/streams/a/events/b").body, "GET stream=a event=b");
}

// The answer to a request with a condition, on a route whose description names it or not.
int status_with(Method method, const std::string& field, bool named) {
    Router router;
    auto r = route(method, "/thing");
    if (named) r.doc.parameters.push_back({field, "header", "string", false, ""});
    router.add(std::move(r));
    Request asked = request(method, "/thing");
    asked.headers.add(field, "\"1\"");
    return run(router, asked).status;
}

TEST(Router, conditions_that_nobody_looks_at_are_refused) {
    for (const auto* field : {"If-Match", "If-None-Match", "Expected-Version"})
        for (const auto method : {Method::post, Method::put, Method::patch, Method::delete_}) {
            EXPECT_EQ(status_with(method, field, false), 400) << field;
            EXPECT_EQ(status_with(method, field, true), 200) << field;
        }
    EXPECT_EQ(status_with(Method::get, "If-Match", false), 200) << "looked at for all of them";
    EXPECT_EQ(status_with(Method::get, "If-None-Match", false), 200);
    EXPECT_EQ(status_with(Method::get, "Expected-Version", false), 400);
}

TEST(Router, names_where_else_a_path_is_known) {
    Router router = table();
    for (const auto* pattern : {"/market/products", "/market/products/{id}", "/shop/products"})
        router.add(route(Method::get, pattern));
    const auto told = [&](std::string path) {
        Request asked = request(Method::get, std::move(path));
        const auto refused = run(router, asked);
        EXPECT_EQ(refused.status, 404);
        return refused.body;
    };
    EXPECT_NE(told("/products").find("; did you mean /market/products or /shop/products?"),
              std::string::npos);
    EXPECT_NE(told("/products/7?x=1").find("; did you mean /market/products/7?"),
              std::string::npos);
    EXPECT_NE(told("/products/").find("/shop/products?"), std::string::npos);
    for (const auto* path : {"/anything", "/product", "/products/7/8", "/market"})
        EXPECT_EQ(told(path).find("did you mean"), std::string::npos)
            << path << ": a parameter takes any";
}

TEST(Router, prefers_a_literal_but_comes_back_from_it) {
    EXPECT_EQ(run(Method::get, "/streams/all").body, "GET");
    EXPECT_EQ(run(Method::get, "/streams/all/events/1").body, "GET stream=all event=1");
    EXPECT_EQ(run(Method::delete_, "/streams/all/events/last").body, "DELETE");
}

TEST(Router, decodes_each_segment_after_it_split_them) {
    EXPECT_EQ(run(Method::get, "/streams/a%2Fb%20").body, "GET stream=a/b ");
    EXPECT_EQ(run(Method::get, "/streams/a%2Fevents%2Fb").body, "GET stream=a/events/b");
    EXPECT_EQ(run(Method::get, "/streams/%").status, 400);
    EXPECT_EQ(run(Method::get, "/streams/x-%FF").status, 422) << "a name is UTF-8";
}

TEST(Router, is_case_sensitive_and_minds_slashes) {
    EXPECT_EQ(run(Method::get, "/Streams").status, 404);
    EXPECT_EQ(run(Method::get, "//streams").status, 404);
    EXPECT_EQ(run(Method::get, "/streams//events/x").status, 404);
    EXPECT_EQ(run(Method::get, "/streams/a/events").status, 404);
    const Response slash = run(Method::get, "/streams/");
    EXPECT_EQ(slash.status, 404);
    EXPECT_NE(slash.body.find("/streams is known"), std::string::npos) << slash.body;
    EXPECT_EQ(run(Method::get, "/nothing").body.find("is known"), std::string::npos);
}

TEST(Router, answers_405_with_what_is_allowed) {
    const Response response = run(Method::put, "/streams/a");
    EXPECT_EQ(response.status, 405);
    EXPECT_EQ(response.headers.find("Allow"), "GET, HEAD, POST, OPTIONS");
    EXPECT_EQ(run(Method::get, "/streams/all/events/last").headers.find("Allow"),
              "DELETE, OPTIONS");
}

TEST(Router, answers_head_and_options_by_itself) {
    EXPECT_EQ(run(Method::head, "/streams/a").body, "HEAD stream=a");
    const Response options = run(Method::options, "/streams/a");
    EXPECT_EQ(options.status, 204);
    EXPECT_EQ(options.headers.find("Allow"), "GET, HEAD, POST, OPTIONS");
    EXPECT_EQ(run(Method::options, "*").headers.find("Allow"), "GET, HEAD, POST, DELETE, OPTIONS");
    EXPECT_EQ(run(Method::options, "/nothing").status, 404);
}

TEST(Router, names_the_pattern_for_logs) {
    const Router router = table();
    Request r = request(Method::put, "/streams/a");
    EXPECT_EQ(router.resolve(r).pattern, "/streams/{stream}");
    r = request(Method::post, "/streams/a");
    EXPECT_EQ(router.resolve(r).pattern, "/streams/{id}");
    r = request(Method::get, "/x");
    EXPECT_EQ(router.resolve(r).pattern, "");
}

TEST(Router, checks_types_of_body_and_answer) {
    Router router;
    Route r = route(Method::post, "/x");
    r.doc.produces = {"application/json", "application/hal+json"};
    router.add(std::move(r));
    const auto status = [&](Headers headers, std::string body) {
        Request q = request(Method::post, "/x");
        q.headers = std::move(headers);
        q.body = std::move(body);
        return run(router, q).status;
    };
    EXPECT_EQ(status({}, "{}"), 415) << "what a page of another site can send";
    EXPECT_EQ(status({}, ""), 200);
    EXPECT_EQ(status({{"Content-Type", "Application/JSON; charset=utf-8"}}, "{}"), 200);
    EXPECT_EQ(status({{"Content-Type", "text/plain"}}, "{}"), 415);
    EXPECT_EQ(status({{"Content-Type", "application/jsonx"}}, "{}"), 415);
    EXPECT_EQ(status({{"Content-Type", "text/plain"}}, ""), 200);
    EXPECT_EQ(status({{"Accept", "text/html"}}, "{}"), 406);
    Request form = request(Method::post, "/x");
    form.headers.add("Content-Type", "application/x-www-form-urlencoded");
    form.body = "{}";
    EXPECT_NE(run(router, form).body.find("curl -d"), std::string::npos);
    Request hal = request(Method::post, "/x");
    hal.headers.add("Accept", "application/hal+json");
    EXPECT_EQ(run(router, hal).status, 200);
    EXPECT_EQ(hal.preferred_type, "application/hal+json");
}

TEST(Router, takes_a_body_of_any_type_with_the_field_of_the_route) {
    Router router;
    Route r = route(Method::post, "/x");
    r.doc.any_type_with = "ce-specversion";
    router.add(std::move(r));
    router.add(route(Method::post, "/y"));
    const auto status = [&](const char* path, Headers headers) {
        Request q = request(Method::post, path);
        q.headers = std::move(headers);
        q.body = "text";
        return run(router, q).status;
    };
    EXPECT_EQ(status("/x", {{"Content-Type", "text/plain"}, {"CE-SpecVersion", "1.0"}}), 200);
    EXPECT_EQ(status("/x", {{"Content-Type", "text/plain"}}), 415);
    EXPECT_EQ(status("/x", {{"ce-specversion", "1.0"}}), 415) << "a body without a type";
    EXPECT_EQ(status("/y", {{"Content-Type", "text/plain"}, {"ce-specversion", "1.0"}}), 415);
}

TEST(Router, hides_what_a_handler_threw) {
    Router router;
    Route r = route(Method::get, "/x");
    r.handler = throw_up;
    router.add(std::move(r));
    std::string logged;
    Request q = request(Method::get, "/x");
    const Response response = run(router, q, [&](const Request& at, std::string_view what) {
        logged = at.target + " " + std::string{what};
    });
    EXPECT_EQ(response.status, 500);
    EXPECT_NE(response.body.find("internal_error"), std::string::npos);
    EXPECT_EQ(response.body.find("secret"), std::string::npos);
    EXPECT_EQ(logged, "/x secret");
}

TEST(Router, refuses_routes_that_clash) {
    const Router router = table();
    const auto why = [&](std::string pattern, Method method = Method::get) {
        return router.conflict(route(method, std::move(pattern)));
    };
    EXPECT_EQ(why("/new"), "");
    EXPECT_EQ(why("/streams/none"), "");
    EXPECT_EQ(why("/streams/{other}", Method::put), "");
    EXPECT_NE(why("/streams"), "");
    EXPECT_NE(why("/streams/{other}"), "");
    EXPECT_NE(why("/{any}/all"), "");  // against /streams/{stream}: both match /streams/all
    EXPECT_EQ(why("/{any}/{other}"), "");
    EXPECT_EQ(why("/streams/"), "");
    for (const char* bad : {"", "x", "/{}", "/{a}b", "/a{b}", "/{a}/{a}", "/a?b", "/a%20", "/{a}}"})
        EXPECT_NE(why(bad), "") << bad;
    Route empty = route(Method::get, "/empty");
    empty.handler = nullptr;
    EXPECT_NE(router.conflict(empty), "");
}

TEST(RouterDeathTest, ends_the_program_on_a_clash) {
    EXPECT_DEATH(
        {
            Router router = table();
            router.add(route(Method::get, "/streams/{x}"));
        },
        "is there already");
}

TEST(Router, gives_its_routes_in_order) {
    const Router router = table();
    ASSERT_EQ(router.routes().size(), 7U);
    EXPECT_EQ(router.routes().front().pattern, "/");
    EXPECT_EQ(router.routes().back().method, Method::delete_);
}

}  // namespace
}  // namespace yeyak::http
