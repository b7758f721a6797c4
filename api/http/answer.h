// Writes the head of an answer into the one buffer that is sent, and knows the date to put there.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "api/http/http.h"

namespace yeyak::http {

struct AnswerShape {
    int version = 11;        // of the request
    bool keep_alive = true;  // the connection stays open after this answer
    bool head_only = false;  // the request was HEAD
    std::string_view date;   // empty: none is sent
    std::string_view correlation_id;
};

// Appends status line, fields and blank line, and the body if `with_body`. The caller has checked
// the response with can_be_sent().
void append_answer(std::string& out, const Response& response, const AnswerShape& shape,
                   bool with_body);

// False for a field that would break out of its line, or a status that no final answer has.
bool can_be_sent(const Response& response);
bool may_have_body(int status);

// What is read may be another thing at the next moment, and may be about a person: without a word
// from us a cache decides by itself how long it shows what it has (RFC 9111, section 4.2.2).
void tell_caches(const Request& request, Response& response);

// "Sun, 06 Nov 1994 08:49:37 GMT"; made anew only when the second changes.
class DateText {
  public:
    std::string_view at(std::chrono::system_clock::time_point now);

  private:
    std::chrono::sys_seconds second_{std::chrono::seconds{INT64_MIN}};
    std::string text_;
};

}  // namespace yeyak::http
