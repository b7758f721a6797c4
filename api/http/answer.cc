#include "api/http/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "api/http/gate.h"

namespace yeyak::http {
namespace {

bool is_one_line(std::string_view value) {
    return std::ranges::all_of(value, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte >= 0x20 && byte != 0x7F) || c == '\t';
    });
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
}

void append_number(std::string& out, std::size_t number) {
    const fmt::format_int text{number};
    out.append(text.data(), text.size());
}

}  // namespace

bool may_have_body(int status) { return status >= 200 && status != 204 && status != 304; }

bool can_be_sent(const Response& response) {
    if (response.status < 200 || response.status > 599) return false;
    if (!is_one_line(response.content_type)) return false;
    return std::ranges::all_of(response.headers, [](const NamedValue& field) {
        return !field.name.empty() && std::ranges::all_of(field.name, is_token_char) &&
               is_one_line(field.value);
    });
}

void append_answer(std::string& out, const Response& response, const AnswerShape& shape,
                   bool with_body) {
    out += "HTTP/1.1 ";
    append_number(out, static_cast<std::size_t>(response.status));
    out += ' ';
    out += reason_phrase(response.status);
    out += "\r\n";
    if (!shape.date.empty()) append_field(out, "Date", shape.date);
    if (!response.content_type.empty()) append_field(out, "Content-Type", response.content_type);
    if (response.stream) {
        if (shape.version == 11) append_field(out, "Transfer-Encoding", "chunked");
    } else if (may_have_body(response.status)) {
        out += "Content-Length: ";
        append_number(out, response.body.size());
        out += "\r\n";
    }
    if (!shape.keep_alive)
        append_field(out, "Connection", "close");
    else if (shape.version == 10)
        append_field(out, "Connection", "keep-alive");
    append_field(out, "X-Correlation-Id", shape.correlation_id);
    for (const NamedValue& field : response.headers) append_field(out, field.name, field.value);
    out += "\r\n";
    if (with_body && !shape.head_only && may_have_body(response.status)) out += response.body;
}

void tell_caches(const Request& request, Response& response) {
    const bool read = request.method == Method::get || request.method == Method::head;
    if (read && !response.headers.contains("Cache-Control"))
        response.headers.add("Cache-Control", "private, no-cache");
}

std::string_view DateText::at(std::chrono::system_clock::time_point now) {
    static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto second = std::chrono::floor<std::chrono::seconds>(now);
    if (second == second_) return text_;
    second_ = second;
    const auto day = std::chrono::floor<std::chrono::days>(second);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{second - day};
    text_.clear();
    fmt::format_to(std::back_inserter(text_), "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                   days[std::chrono::weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
                   months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                   time.hours().count(), time.minutes().count(), time.seconds().count());
    return text_;
}

}  // namespace yeyak::http
