// What the descriptions of many routes have in common.
#pragma once
#include <fmt/format.h>

#include <string>
#include <utility>

#include "api/http/router.h"
#include "api/routes/schema.h"

namespace yeyak::api {

// An answer that is a problem.
inline http::ResponseDoc refused(int status, std::string description) {
    return {status, std::move(description), "application/problem+json", "", ""};
}

inline http::ParameterDoc idempotency_key() {
    return {"Idempotency-Key",
            "header",
            "string",
            false,
            "repeating a request with the same key has no second effect and the same answer",
            R"({"type":"string","pattern":"^[!-~]{1,128}$"})"};
}

// Tools take each byte of a head for a character, so 64 letters of Hangul are 192 to them.
inline http::ParameterDoc actor() {
    return {"X-Actor",
            "header",
            "string",
            false,
            "who asks for it: 1 to 64 characters of UTF-8 without blanks",
            R"({"type":"string","pattern":"^[^\u0000-\u0020\u007F]{1,256}$"})"};
}

// A parameter of the query; `schema` as in http::ParameterDoc.
inline http::ParameterDoc query_doc(std::string name, std::string type, std::string description,
                                    std::string schema = "") {
    return {std::move(name),        "query",          std::move(type), false,
            std::move(description), std::move(schema)};
}

// One of few words.
inline http::ParameterDoc word_doc(std::string name, std::vector<std::string_view> words,
                                   std::string description) {
    return query_doc(std::move(name), "string", std::move(description), schema::one_of(words));
}

// A whole number of the query, as number_of() takes it.
inline http::ParameterDoc number_doc(std::string name, std::int64_t least, std::int64_t most,
                                     std::string description) {
    auto schema = fmt::format(R"({{"type":"integer","minimum":{},"maximum":{}}})", least, most);
    return query_doc(std::move(name), "integer", std::move(description), std::move(schema));
}

// The answer to a command: where it stands in the log, and whether it is the answer of then.
inline http::ResponseDoc recorded(int status, std::string description, std::string type = "",
                                  std::string schema = "", std::string example = "") {
    http::ResponseDoc doc{status, std::move(description), std::move(type), std::move(schema),
                          std::move(example)};
    doc.headers = {"Yeyak-Position", "Yeyak-Stream-Version", "Link", "Idempotent-Replayed"};
    if (status == 201 || status == 202) doc.headers.push_back("Location");
    return doc;
}

// A reading whose answer has an entity tag.
inline void describe_revision(http::RouteDoc& doc) {
    for (auto& response : doc.responses)
        if (response.status == 200) response.headers.push_back("ETag");
    doc.parameters.push_back(
        {"If-None-Match", "header", "string", false, "ETags that the client has it of"});
    doc.parameters.push_back(
        {"If-Match", "header", "string", false, "ETags of which one must be that of it"});
    doc.responses.push_back({304, "it is as If-None-Match knows it", "", "", "", {"ETag"}});
    doc.responses.push_back(refused(412, "it is not as If-Match knows it"));
}

// A command that looks at conditions; the router refuses them where they are not described.
inline void describe_conditions(http::RouteDoc& doc) {
    const auto header = [&](std::string name, std::string description) {
        doc.parameters.push_back(
            {std::move(name), "header", "string", false, std::move(description)});
    };
    header("If-Match", "the ETag that the row had when it was read, or several, or *");
    header("If-None-Match", "ETags that the row must not have any more");
    header("Expected-Version", "the version that the row's stream must be at, or exists");
    doc.responses.push_back(refused(409, "Expected-Version is not met"));
    doc.responses.push_back(refused(412, "If-Match or If-None-Match is not met"));
}

}  // namespace yeyak::api
