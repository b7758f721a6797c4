// Answers that refuse, as RFC 9457 problem details (application/problem+json). Every refusal of
// the API has this one shape:
//   {"type":"http://localhost:8080/problems#no_such_stream","title":"Not Found","status":404,
//    "code":"no_such_stream","detail":"there is no stream order-7","field":"stream",
//    "instance":"/streams/order-7","correlationId":"5f0c…"}
// `code` is stable and for programs, `detail` is for people; `type` leads to what the code means.
// What only the request knows is added when the answer is sent: complete_problem(). Where no Host
// or no target could be read, `type` is relative and `instance` is missing. No I/O, no state.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "api/http/http.h"

namespace yeyak::http {

struct Problem {
    int status = 400;
    std::string code;    // stable, snake_case
    std::string detail;  // what is wrong with this request, in a sentence
    std::string title;   // empty: the reason phrase of the status
    std::string field;   // the field or parameter at fault, when there is one
    // Further members, written last and in order: {name, JSON text of the value}. One called
    // "status" takes the place of the number.
    std::vector<NamedValue> extra;
};

Response problem(const Problem& problem);
Response problem(int status, std::string_view code, std::string_view detail,
                 std::string_view field = {});

// Says of a problem whose request it is: an absolute type, instance and correlation id. Leaves any
// other answer alone. Once, when nobody changes the body any more.
void complete_problem(const Request& request, Response& response);

// The text as a JSON string, in its quotes. Bytes that are not UTF-8 become U+FFFD.
std::string json_string(std::string_view text);

}  // namespace yeyak::http
