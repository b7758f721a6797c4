#include "api/routes/page.h"

#include <fmt/format.h>

namespace yeyak::api {

std::string html_text(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

http::Response html_page(std::string_view title, std::string_view body) {
    http::Response response;
    response.content_type = "text/html; charset=utf-8";
    response.headers.add("Content-Security-Policy",
                         "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
                         "form-action 'none'; frame-ancestors 'none'");
    response.headers.add("X-Content-Type-Options", "nosniff");
    response.headers.add("Referrer-Policy", "no-referrer");
    response.body = fmt::format(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width\">\n<title>{0}</title>\n"
        "<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;"
        "padding:0 1em}}dt{{font-family:monospace;margin-top:.6em}}code{{font-size:.95em}}"
        ":target{{background:#ff9}}</style>\n<h1>{0}</h1>\n{1}</html>\n",
        html_text(title), body);
    return response;
}

}  // namespace yeyak::api
