// Small pages for people with a browser: nothing of others is loaded, and no script runs.
#pragma once
#include <string>
#include <string_view>

#include "api/http/http.h"

namespace yeyak::api {

// Text as it stands between tags or in a quoted attribute.
std::string html_text(std::string_view text);

// `title` is text, `body` HTML.
http::Response html_page(std::string_view title, std::string_view body);

}  // namespace yeyak::api
