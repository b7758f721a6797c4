// The document is made of the routes: what they say of themselves is in it.
#include "api/routes/openapi.h"

#include <gmock/gmock.h>

#include "api/routes/common.h"
#include "api/routes/route_docs.h"

namespace yeyak::api {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string document_of(http::Method method, http::RouteDoc doc) {
    http::Router router;
    router.add({method, "/things", at_once([](http::Request&) { return http::no_content(); }),
                std::move(doc)});
    return openapi_document(router, "1");
}

TEST(OpenApi, an_answer_has_its_schema_and_its_header_fields) {
    http::RouteDoc doc;
    doc.responses = {recorded(201, "made", "application/json", schema::number)};
    const auto document = document_of(http::Method::post, doc);
    EXPECT_THAT(document, HasSubstr(R"("201":{"description":"made","headers":{)"
                                    R"("X-Correlation-Id":{"$ref":"#/components/headers/)"));
    EXPECT_THAT(document, HasSubstr(R"("Location":{"$ref":"#/components/headers/Location"})"));
    EXPECT_THAT(document, HasSubstr(R"("application/json":{"schema":{"type":"integer")"));
    EXPECT_THAT(document, HasSubstr(R"("Location":{"required":true)"));
}

TEST(OpenApi, what_any_answer_of_a_status_may_be_is_beside_what_it_is) {
    http::RouteDoc doc;
    doc.responses = {{503, "ill", "application/json", schema::truth, ""}};
    const auto document = document_of(http::Method::get, doc);
    EXPECT_THAT(document, HasSubstr(R"("application/json":{"schema":{"type":"boolean"}})"
                                    R"(,"application/problem+json":{"schema":{"$ref")"));
    // Of a problem all are optional but the correlation id.
    EXPECT_THAT(document,
                HasSubstr(R"("Retry-After":{"$ref":"#/components/headers/problem.Retry)"));
    EXPECT_THAT(document, HasSubstr(R"("problem.Yeyak-Position":{"required":false)"));
}

TEST(OpenApi, parameters_have_their_own_schemas) {
    http::RouteDoc doc;
    doc.parameters = {number_doc("size", 1, 9, "of a page"), word_doc("way", {"up", "down"}, "")};
    const auto document = document_of(http::Method::get, doc);
    EXPECT_THAT(document, HasSubstr(R"("schema":{"type":"integer","minimum":1,"maximum":9}})"));
    EXPECT_THAT(document, HasSubstr(R"("schema":{"type":"string","enum":["up","down"]}})"));
}

TEST(OpenApi, a_body_is_required_where_it_is) {
    http::RouteDoc doc;
    EXPECT_THAT(document_of(http::Method::get, doc), Not(HasSubstr("requestBody")));
    EXPECT_THAT(document_of(http::Method::post, doc),
                HasSubstr(R"("requestBody":{"required":false,"description":"nobody)"));
}

TEST(OpenApi, a_row_has_its_links) {
    EXPECT_EQ(
        schema::hal_row(R"({"type":"object","required":["id"],"properties":{"id":{}}})", "thing"),
        R"({"type":"object","required":["_links","id"],"properties":{"id":{},"_links":)"
        R"({"type":"object","required":["self","thing"],"properties":{)"
        R"("self":{"$ref":"#/components/schemas/Link"},)"
        R"("thing":{"$ref":"#/components/schemas/Link"}}}}})");
}

}  // namespace
}  // namespace yeyak::api
