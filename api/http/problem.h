// Answers that refuse, as RFC 9457 problem details (application/problem+json). Every refusal of
// the API has this one shape:
//   {"type":"about:blank","title":"Not Found","status":404,"code":"no_such_stream",
//    "detail":"there is no stream order-7","field":"stream","instance":"/streams/order-7"}
// `code` is stable and for programs, `detail` is for people. No I/O, no state.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "api/http/http.h"

namespace yeyak::http {

struct Problem {
    int status = 400;
    std::string code;      // stable, snake_case
    std::string detail;    // what is wrong with this request, in a sentence
    std::string title;     // empty: the reason phrase of the status
    std::string type;      // empty: "about:blank"
    std::string field;     // the field or parameter at fault, when there is one
    std::string instance;  // the target of the request, when known
    // Further members, written last and in order: {name, JSON text of the value}. One called
    // "status" takes the place of the number.
    std::vector<NamedValue> extra;
};

Response problem(const Problem& problem);
Response problem(int status, std::string_view code, std::string_view detail,
                 std::string_view field = {});

// The text as a JSON string, in its quotes. Bytes that are not UTF-8 become U+FFFD.
std::string json_string(std::string_view text);

}  // namespace yeyak::http
