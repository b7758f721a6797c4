// The strict gate: every line of a request's head passes it before any other parser sees the head,
// and it alone decides where the request ends. Whatever two readers could understand in two ways
// is refused, because that is how requests are smuggled past a proxy.
//
// One gate judges one head, line by line. No I/O; a refusal is a value with static texts.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "api/http/http.h"

namespace yeyak::http {

// Why a request is not read further. The connection closes after the answer.
struct FramingError {
    int status = 400;
    std::string_view code;
    std::string_view detail;
    bool operator==(const FramingError&) const = default;
};

using Refusal = std::optional<FramingError>;

class HeadGate {
  public:
    explicit HeadGate(std::size_t max_fields) : max_fields_(max_fields) {}

    // Lines come without their CRLF.
    Refusal check_request_line(std::string_view line);
    Refusal check_field_line(std::string_view line);
    Refusal check_end();  // the rules that need the whole head

    // Facts, valid after check_end() passed.
    int version() const { return version_; }
    Method method() const { return method_; }
    std::size_t fields() const { return fields_; }
    bool chunked() const { return chunked_; }
    std::uint64_t content_length() const { return content_length_.value_or(0); }
    bool keep_alive() const { return version_ == 11 ? !says_close_ : says_keep_alive_; }
    bool expects_continue() const { return expects_continue_; }

  private:
    Refusal check_target(std::string_view target) const;
    Refusal check_framing_field(std::string_view name, std::string_view value);
    Refusal check_length(std::string_view value);
    Refusal check_transfer_encoding(std::string_view value);
    Refusal check_connection(std::string_view value);

    std::size_t max_fields_;
    std::size_t fields_ = 0;
    Method method_ = Method::get;
    int version_ = 11;
    int hosts_ = 0;
    bool chunked_ = false;
    std::optional<std::uint64_t> content_length_;
    bool says_close_ = false;
    bool says_keep_alive_ = false;
    bool expects_continue_ = false;
};

// The parts of a comma-separated list, without the blanks around them; empty parts are left out.
template <class Visit>
void for_each_element(std::string_view list, Visit visit) {
    while (!list.empty()) {
        const std::size_t comma = list.find(',');
        std::string_view part = list.substr(0, comma);
        while (part.starts_with(' ') || part.starts_with('\t')) part.remove_prefix(1);
        while (part.ends_with(' ') || part.ends_with('\t')) part.remove_suffix(1);
        if (!part.empty()) visit(part);
        list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
    }
}

bool is_token_char(char c);
std::optional<std::uint64_t> parse_chunk_size(std::string_view digits);  // hexadecimal, strictly

}  // namespace yeyak::http
