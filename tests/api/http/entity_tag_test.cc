// Entity tags, and conditions of safe methods (RFC 9110, sections 8.8.3 and 13).
#include "api/http/entity_tag.h"

#include <gtest/gtest.h>

namespace yeyak::http {
namespace {

std::optional<EntityTags> parsed(std::string_view list) {
    return entity_tags(Headers{{"If-Match", std::string{list}}}, "If-Match");
}

TEST(EntityTag, lists_are_read_as_the_rfc_writes_them) {
    const auto found = parsed(R"(, "a,b" ,W/"c",,"" )");
    ASSERT_TRUE(found);
    EXPECT_FALSE(found->any);
    ASSERT_EQ(found->tags.size(), 3U);
    EXPECT_EQ(found->tags[0].opaque, "a,b");
    EXPECT_FALSE(found->tags[0].weak);
    EXPECT_EQ(found->tags[1].opaque, "c");
    EXPECT_TRUE(found->tags[1].weak);
    EXPECT_EQ(found->tags[2].opaque, "");
    EXPECT_TRUE(parsed("*")->any);
    EXPECT_TRUE(parsed(" * ")->any);
}

TEST(EntityTag, what_is_no_list_is_not_taken_for_one) {
    for (const auto* list : {"", ",", "5", "\"5", "5\"", "w/\"5\"", "W/ \"5\"", "\"5\" \"6\"x",
                             "\"5\"x", "*, \"5\"", "\"5\", *", "\"a b\"", "\"a\x7f\""})
        EXPECT_FALSE(parsed(list)) << list;
}

TEST(EntityTag, several_fields_are_one_list) {
    const Headers headers{{"If-Match", "\"1\""}, {"if-match", "\"2\""}};
    EXPECT_EQ(entity_tags(headers, "If-Match")->tags.size(), 2U);
}

TEST(EntityTag, a_weak_tag_never_matches_strongly) {
    const EntityTag strong{"1", false};
    const EntityTag weak{"1", true};
    const EntityTag other{"2", false};
    EXPECT_TRUE(match_strongly(strong, strong));
    EXPECT_FALSE(match_strongly(weak, weak));
    EXPECT_FALSE(match_strongly(weak, strong));
    EXPECT_FALSE(match_strongly(strong, other));
    EXPECT_TRUE(match_weakly(weak, strong));
    EXPECT_FALSE(match_weakly(weak, other));
}

// The answer to a request for something that is at revision 7.
Response answered(Method method, Headers conditions, std::string body = "{\"name\":\"Kim\"}") {
    Request request;
    request.method = method;
    request.headers = std::move(conditions);
    Response response = json(200, std::move(body));
    response.revision = "7";
    make_conditional(request, response);
    return response;
}

std::string tag() { return std::string{*answered(Method::get, {}).headers.find("ETag")}; }

TEST(Conditional, an_answer_with_a_revision_has_a_tag_that_begins_with_it) {
    EXPECT_TRUE(tag().starts_with("\"7-")) << tag();
    EXPECT_EQ(tag(), tag());
}

TEST(Conditional, what_is_shown_otherwise_has_another_tag) {
    const auto erased = answered(Method::get, {}, "{\"name\":\"\"}");
    EXPECT_NE(*erased.headers.find("ETag"), tag());
    EXPECT_EQ(answered(Method::get, {{"If-None-Match", tag()}}, "{\"name\":\"\"}").status, 200);
}

TEST(Conditional, what_the_client_has_is_not_sent_again) {
    for (const auto method : {Method::get, Method::head})
        for (const auto& known : {tag(), "W/" + tag(), "\"1\", " + tag(), std::string{"*"}}) {
            const auto response = answered(method, {{"If-None-Match", known}});
            EXPECT_EQ(response.status, 304) << known;
            EXPECT_EQ(response.body, "");
            EXPECT_EQ(response.content_type, "");
            EXPECT_EQ(response.headers.find("ETag"), tag()) << "RFC 9110, section 15.4.5";
        }
    EXPECT_EQ(answered(Method::get, {{"If-None-Match", "\"7\""}}).status, 200);
}

TEST(Conditional, what_is_not_as_the_client_knows_it_is_refused) {
    for (const auto& wanted : {tag(), "\"1\"," + tag(), std::string{"*"}})
        EXPECT_EQ(answered(Method::get, {{"If-Match", wanted}}).status, 200) << wanted;
    for (const auto& wanted : {std::string{"\"7\""}, "W/" + tag()})
        EXPECT_EQ(answered(Method::get, {{"If-Match", wanted}}).status, 412) << wanted;
}

TEST(Conditional, both_conditions_count_and_the_match_comes_first) {
    EXPECT_EQ(answered(Method::get, {{"If-Match", "\"1\""}, {"If-None-Match", tag()}}).status, 412);
    EXPECT_EQ(answered(Method::get, {{"If-Match", tag()}, {"If-None-Match", tag()}}).status, 304);
}

TEST(Conditional, what_cannot_be_read_is_refused_and_not_ignored) {
    for (const auto* name : {"If-Match", "If-None-Match"}) {
        const auto response = answered(Method::get, {{name, "7"}});
        EXPECT_EQ(response.status, 400);
        EXPECT_NE(response.body.find(name), std::string::npos) << response.body;
    }
}

TEST(Conditional, a_refusal_stays_what_it_is) {
    Request request;
    request.headers = {{"If-None-Match", "*"}, {"If-Match", "\"1\""}};
    Response response = text(404, "none");
    make_conditional(request, response);
    EXPECT_EQ(response.status, 404);
}

TEST(Conditional, a_command_has_looked_at_its_conditions_itself) {
    EXPECT_EQ(answered(Method::post, {{"If-None-Match", "*"}, {"If-Match", "\"1\""}}).status, 200);
}

}  // namespace
}  // namespace yeyak::http
