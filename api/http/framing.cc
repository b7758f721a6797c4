#include "api/http/framing.h"

#include <algorithm>
#include <utility>

#include "api/http/head.h"
#include "kernel/ensure.h"

namespace yeyak::http {
namespace {

// A body is given room for this much at once; more only as its bytes really come, so that a
// promise of a large body costs nothing.
constexpr std::size_t first_reserve = 16 * 1024;

constexpr FramingError head_too_large{431, "head_too_large",
                                      "the request line and header fields are too long"};
constexpr FramingError body_too_large{413, "body_too_large", "the body is too long"};

}  // namespace

RequestParser::RequestParser(FramingLimits limits) : limits_(limits), gate_(limits.fields) {}

std::size_t RequestParser::put(std::string_view bytes) {
    std::size_t used = 0;
    while (used < bytes.size() && (state_ == State::head || state_ == State::body)) {
        const std::string_view rest = bytes.substr(used);
        used += state_ == State::head ? put_head(rest) : put_body(rest);
    }
    return used;
}

bool RequestParser::awaits_continue() const {
    return state_ == State::body && gate_.expects_continue() && !body_started_;
}

Request RequestParser::take() {
    ensure(state_ == State::complete, "only a complete request is taken");
    Request request = std::move(request_);
    request_ = Request{};
    state_ = State::head;
    gate_ = HeadGate{limits_.fields};
    head_.clear();
    line_start_ = 0;
    has_request_line_ = false;
    skipped_blank_line_ = false;
    remaining_ = 0;
    body_started_ = false;
    chunk_ = Chunk::size_line;
    chunk_line_.clear();
    seen_cr_ = false;
    return request;
}

// Of a head that is refused before its end: a page that may read answers may read this one.
void RequestParser::find_origin() {
    constexpr std::string_view blanks = " \t";
    std::string_view lines = std::string_view{head_}.substr(0, line_start_);
    while (!lines.empty() && !request_.headers.contains("Origin")) {
        const auto line = lines.substr(0, lines.find("\r\n"));
        lines.remove_prefix(line.size() + 2);
        const auto colon = line.find(':');
        if (!same_name(line.substr(0, colon), "Origin") || colon == std::string_view::npos)
            continue;
        auto value = line.substr(colon + 1);
        value.remove_prefix(std::min(value.find_first_not_of(blanks), value.size()));
        value = value.substr(0, value.find_last_not_of(blanks) + 1);
        request_.headers.add("Origin", value);
    }
}

Request RequestParser::abandon() {
    if (request_.target.empty()) find_origin();
    state_ = State::failed;
    request_.body = std::string{};
    return std::exchange(request_, Request{});
}

void RequestParser::fail(const FramingError& error) {
    error_ = error;
    state_ = State::failed;
}

std::size_t RequestParser::head_limit() const { return limits_.head_bytes; }

std::size_t RequestParser::put_head(std::string_view bytes) {
    // Another protocol (TLS, say) is told at its first byte, rather than after the deadline.
    if (head_.empty() && !is_token_char(bytes.front()) && bytes.front() != '\r') {
        fail({400, "bad_request_line", "this is not the beginning of an HTTP request"});
        return 0;
    }
    const std::size_t limit = head_limit();
    const std::size_t room = limit - head_.size();
    const std::string_view window = bytes.substr(0, room);
    const std::size_t newline = window.find('\n');
    const bool whole_line = newline != std::string_view::npos;
    const std::size_t used = whole_line ? newline + 1 : window.size();
    head_.append(window.substr(0, used));
    if (whole_line) take_line();
    if (state_ == State::head && head_.size() == limit) fail(head_too_large);
    return used;
}

void RequestParser::take_line() {
    std::string_view line = std::string_view{head_}.substr(line_start_);
    if (!line.ends_with("\r\n")) return fail({400, "bare_newline", "a line ends in LF without CR"});
    line.remove_suffix(2);
    line_start_ = head_.size();
    if (!has_request_line_ && line.empty()) {
        // RFC 9112 2.2 asks to bear one blank line before a request; more are refused.
        if (std::exchange(skipped_blank_line_, true))
            return fail({400, "bad_request_line", "blank lines stand before the request"});
        head_.clear();
        line_start_ = 0;
        return;
    }
    if (has_request_line_ && line.empty()) return end_head();
    const Refusal refusal =
        has_request_line_ ? gate_.check_field_line(line) : gate_.check_request_line(line);
    has_request_line_ = true;
    if (refusal) fail(*refusal);
}

void RequestParser::end_head() {
    if (const Refusal refusal = gate_.check_end()) return fail(*refusal);
    if (!read_head(head_, gate_.fields(), request_))
        return fail({400, "bad_head", "the header fields cannot be read"});
    request_.version = gate_.version();
    request_.keep_alive = gate_.keep_alive();
    if (gate_.chunked()) {
        state_ = State::body;
        return;
    }
    remaining_ = gate_.content_length();
    if (remaining_ > limits_.body_bytes) return fail(body_too_large);
    state_ = remaining_ == 0 ? State::complete : State::body;
    request_.body.reserve(std::min<std::size_t>(remaining_, first_reserve));
}

std::size_t RequestParser::put_body(std::string_view bytes) {
    body_started_ = true;
    if (!gate_.chunked()) {
        const std::size_t used = put_data(bytes);
        if (remaining_ == 0) state_ = State::complete;
        return used;
    }
    switch (chunk_) {
        case Chunk::size_line:
            return put_chunk_line(bytes);
        case Chunk::data: {
            const std::size_t used = put_data(bytes);
            if (remaining_ == 0) chunk_ = Chunk::data_end;
            return used;
        }
        case Chunk::data_end:
        case Chunk::last_end:
            put_chunk_end(bytes.front());
            return 1;
    }
    std::unreachable();
}

std::size_t RequestParser::put_data(std::string_view bytes) {
    const std::size_t used = std::min<std::uint64_t>(remaining_, bytes.size());
    request_.body.append(bytes.substr(0, used));
    remaining_ -= used;
    return used;
}

std::size_t RequestParser::put_chunk_line(std::string_view bytes) {
    const std::string_view window = bytes.substr(0, max_chunk_line - chunk_line_.size());
    const std::size_t newline = window.find('\n');
    const bool whole_line = newline != std::string_view::npos;
    const std::size_t used = whole_line ? newline + 1 : window.size();
    chunk_line_.append(window.substr(0, used));
    if (whole_line)
        start_chunk(chunk_line_);
    else if (chunk_line_.size() == max_chunk_line)
        fail({400, "chunk_line_too_long", "the line before a chunk is too long"});
    return used;
}

void RequestParser::start_chunk(std::string_view line) {
    if (!line.ends_with("\r\n")) return fail({400, "bare_newline", "a line ends in LF without CR"});
    line.remove_suffix(2);
    const std::size_t semicolon = line.find(';');
    if (semicolon != std::string_view::npos) {
        // Extensions mean nothing to us, but blanks and controls in them have fooled others.
        const auto visible = [](char c) { return c > 0x20 && c < 0x7F; };
        if (!std::ranges::all_of(line.substr(semicolon), visible))
            return fail({400, "bad_chunk", "a chunk extension holds a blank or a control"});
    }
    const auto size = parse_chunk_size(line.substr(0, semicolon));
    if (!size) return fail({400, "bad_chunk", "the size of a chunk is not a hexadecimal number"});
    if (*size > limits_.body_bytes - request_.body.size()) return fail(body_too_large);
    chunk_line_.clear();
    remaining_ = *size;
    chunk_ = *size == 0 ? Chunk::last_end : Chunk::data;
}

void RequestParser::put_chunk_end(char c) {
    if (!seen_cr_ && c == '\r') {
        seen_cr_ = true;
    } else if (seen_cr_ && c == '\n') {
        seen_cr_ = false;
        if (chunk_ == Chunk::last_end)
            state_ = State::complete;
        else
            chunk_ = Chunk::size_line;
    } else if (chunk_ == Chunk::last_end && !seen_cr_) {
        fail({400, "trailers_refused", "fields after the last chunk are not taken"});
    } else {
        fail({400, "bad_chunk", "a chunk does not end in CRLF where its size says"});
    }
}

}  // namespace yeyak::http
