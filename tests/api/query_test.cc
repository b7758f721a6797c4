// All that is wrong with a query is told at once.
#include "api/routes/query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yeyak::api {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

http::Request asked(Parameters query) {
    http::Request request;
    request.query = std::move(query);
    return request;
}

TEST(QueryReader, gives_what_is_there) {
    const auto request = asked({{"size", "7"}, {"order", "up"}, {"name", ""}});
    QueryReader query{request, {"size", "page", "order", "name", "sort"}};
    EXPECT_EQ(query.number({"size", 1, 10}), 7);
    EXPECT_EQ(query.number({"page", 0, 10}), std::nullopt);
    EXPECT_EQ(query.word("order", {"up", "down"}), "up");
    EXPECT_EQ(query.word("sort", {"up", "down"}), "");
    EXPECT_EQ(query.text("name"), "");
    EXPECT_EQ(query.text("sort"), std::nullopt);
    query.refuse_repeated();
    EXPECT_FALSE(query.refused());
}

TEST(QueryReader, tells_all_that_is_wrong) {
    const auto request = asked({{"sizes", "7"}, {"size", "11"}, {"order", "left"}, {"size", "2"}});
    QueryReader query{request, {"size", "order"}};
    EXPECT_EQ(query.number({"size", 1, 10}), std::nullopt);
    EXPECT_EQ(query.word("order", {"up", "down"}), "");
    query.refuse_repeated();
    const auto refused = query.refused();
    ASSERT_TRUE(refused.has_value());
    EXPECT_EQ(refused->status, 400);
    EXPECT_EQ(refused->problem_code, "unknown_parameter");
    EXPECT_THAT(
        refused->body,
        AllOf(HasSubstr(R"("detail":"sizes is not a parameter here; did you mean size?; )"
                        R"(size is a whole number from 1 to 10; order is up or down; )"
                        R"(size is there more than once; known are size, order")"),
              HasSubstr(R"({"field":"sizes","code":"unknown_parameter",)"),
              HasSubstr(R"({"field":"size","code":"bad_parameter",)"
                        R"("detail":"size is a whole number from 1 to 10"})"),
              HasSubstr(R"({"field":"order","code":"bad_parameter",)"), Not(HasSubstr("pointer"))));
}

TEST(QueryReader, names_what_is_known_only_when_a_name_is_not) {
    const auto request = asked({{"size", ""}});
    QueryReader query{request, {"size"}};
    EXPECT_EQ(query.number({"size", 1, 10}), std::nullopt);
    EXPECT_THAT(query.refused()->body, Not(HasSubstr("known are")));
}

TEST(QueryReader, does_not_look_at_names_without_end) {
    Parameters many;
    for (int i = 0; i < 2'000; ++i) many.add("name" + std::to_string(i), "");
    const auto request = asked(std::move(many));
    const QueryReader query{request, {"size"}};
    EXPECT_LT(query.refused()->body.size(), 8'000U);
}

}  // namespace
}  // namespace yeyak::api
