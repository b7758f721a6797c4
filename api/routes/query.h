// The query of a request, read one parameter after the other:
//
//   QueryReader query{request, {"page", "size", "consistency"}};
//   const auto page = query.number({"page", 0, max_page});
//   const auto consistency = query.word("consistency", {"fresh", "eventual"});
//   if (auto refused = query.refused()) return *std::move(refused);
//
// Whatever is wrong with it is kept, and told at once, in `errors` of the problem as for bodies:
// names that mean nothing here (a filter that is misspelt would show everything) and values that
// cannot be meant. What only the log can say, such as that a position is beyond its end, is asked
// after that, and told alone. Lives as long as its request; one thread.
#pragma once
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/http.h"
#include "api/routes/common.h"
#include "kernel/json.h"

namespace yeyak::api {

class QueryReader {
  public:
    QueryReader(const http::Request& request, std::vector<std::string> known);

    // Nothing when it is not there, or is wrong.
    std::optional<std::int64_t> number(const NumberParameter& parameter);
    // The same of a value that stands elsewhere: a field of the head.
    std::optional<std::int64_t> number(std::optional<std::string_view> text,
                                       const NumberParameter& parameter);
    // One of these words. Empty when it is not there, or is wrong.
    std::string_view word(std::string_view name, std::initializer_list<std::string_view> words);
    std::optional<std::string_view> text(std::string_view name) const;

    // `detail` goes on after the name: "is true or false".
    void refuse(std::string_view name, std::string detail, std::string_view code = "bad_parameter");
    // Names that are there twice, of which only one value could count.
    void refuse_repeated();

    // The answer to all that was wrong so far; nothing when nothing was.
    std::optional<http::Response> refused() const;

  private:
    const http::Request& request_;
    const std::vector<std::string> known_;
    bool has_unknown_ = false;
    std::vector<JsonError> errors_;
};

}  // namespace yeyak::api
