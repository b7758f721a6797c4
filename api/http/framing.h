// Turns bytes into requests: an incremental parser that is pushed whatever has arrived, in pieces
// of any size, and gives the same requests however they are cut. No sockets, no clocks.
//
//   head ──blank line──▶ body ──last byte──▶ complete ──take()──▶ head
//     └────────────── any doubt ──────────────▶ failed (for good: the connection must close)
//
// The gate (gate.h) decides framing line by line; a head that passed goes through Beast's parser
// for its fields. One parser belongs to one connection.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "api/http/gate.h"
#include "api/http/http.h"

namespace yeyak::http {

struct FramingLimits {
    std::size_t head_bytes = 8 * 1024;  // request line, fields and blank line, with their CRLFs
    std::size_t fields = 64;
    std::size_t body_bytes = 1024 * 1024;
};

inline constexpr std::size_t max_chunk_line = 64;  // with its CRLF

class RequestParser {
  public:
    enum class State { head, body, complete, failed };

    explicit RequestParser(FramingLimits limits);

    // Reads on; returns how many bytes were taken. It stops at the end of a request: what follows
    // is for the next one, and is to be put again after take().
    std::size_t put(std::string_view bytes);

    State state() const { return state_; }
    // Between requests: nothing of the next one has been put.
    bool idle() const { return state_ == State::head && head_.empty(); }
    // The client waits for "100 Continue" before it sends the body. True until body bytes come.
    bool awaits_continue() const;
    const FramingError& error() const { return error_; }
    // What the parser keeps in memory for the request so far.
    std::size_t held_bytes() const { return head_.capacity() + request_.body.capacity(); }
    // Ends the reading, for good, and gives what is known of the request, for the log and for the
    // refusal: all but its body, which is forgotten; of a head that has not ended, the Origin.
    Request abandon();

    // The complete request; makes the parser ready for the next.
    Request take();

  private:
    enum class Chunk { size_line, data, data_end, last_end };

    std::size_t head_limit() const;
    std::size_t put_head(std::string_view bytes);
    std::size_t put_body(std::string_view bytes);
    std::size_t put_data(std::string_view bytes);
    std::size_t put_chunk_line(std::string_view bytes);
    void put_chunk_end(char c);
    void take_line();
    void find_origin();
    void end_head();
    void start_chunk(std::string_view line);
    void fail(const FramingError& error);

    FramingLimits limits_;
    State state_ = State::head;
    HeadGate gate_;
    FramingError error_;
    Request request_;

    std::string head_;
    std::size_t line_start_ = 0;
    bool has_request_line_ = false;
    bool skipped_blank_line_ = false;

    std::uint64_t remaining_ = 0;  // of the body, or of the chunk
    bool body_started_ = false;
    Chunk chunk_ = Chunk::size_line;
    std::string chunk_line_;
    bool seen_cr_ = false;
};

}  // namespace yeyak::http
