#include "api/routes/header_docs.h"

namespace yeyak::api {
namespace {

constexpr std::string_view text = R"({"type":"string"})";
constexpr std::string_view number = R"({"type":"integer","minimum":0})";
constexpr HeaderDoc table[] = {
    {"X-Correlation-Id", text, "that of the request, or one that was made for it", true},
    {"ETag", R"({"type":"string","pattern":"^\"[^\"]*\"$"})",
     "begins with the version of the stream that is shown, or of each of them", true},
    {"Location", text, "where the result is, or will be", true},
    {"Link", text, "the receipt of the event (describedby), or the next page (next)"},
    {"Yeyak-Position", number, "how far the view was, or where the command stands in the log",
     true},
    {"Yeyak-Lag", number, "how many events the log was ahead of the view; not of the past"},
    {"Yeyak-Stream-Version", number, "of the stream that the command was given to"},
    {"Yeyak-Next-After", number, "what the next reading begins after; not at the end"},
    {"Idempotent-Replayed", R"({"const":"true"})",
     "the Idempotency-Key was used before: this is the answer of then"},
    {"Retry-After", number, "seconds to wait"},
    {"RateLimit-Policy", text, "how many requests of the kind, and in how many seconds (q, w)"},
    {"RateLimit", text, "how many of them are left (r), and in how many seconds all are again (t)"},
    {"X-Total-Count", number, "how many rows there are on all pages", true},
    {"ce-specversion", R"({"const":"1.0"})",
     "of the binary mode: with ce-id, ce-source, ce-type and the other attributes"},
    {"Allow", text, "the methods that are known here"},
    {"WWW-Authenticate", text, "Bearer: a token is needed, or the error is with the token"},
};

}  // namespace

std::span<const HeaderDoc> header_docs() { return table; }

}  // namespace yeyak::api
