// Answers in gzip (RFC 9110, section 8.4; RFC 1952), for who asks for it.
//
// What is compressed tells by its length whether two parts of it are alike. Who can make a reader
// ask for what he likes, and sees how long the answers are, so learns what else is in them
// (BREACH). Therefore an answer is compressed only when nothing of the request is in it but the
// path, and nothing that was opened for this reader alone.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "api/http/http.h"

namespace yeyak::http {

// Whether the client takes gzip, and likes it no less than the answer as it is.
bool takes_gzip(const Headers& headers);

// An answer that is shorter is sent as it is to everybody.
inline constexpr std::size_t least_compressed = 2 * 1024;

// Whether the answer may be sent in gzip to who takes it. It then varies by Accept-Encoding.
bool is_compressible(const Request& request, const Response& response);

// Compresses in steps of about a millisecond. One thread.
class Gzip {
  public:
    // `text` outlives it.
    explicit Gzip(std::string_view text);
    ~Gzip();
    Gzip(const Gzip&) = delete;
    Gzip& operator=(const Gzip&) = delete;

    // What it holds at most while it works, beside the text.
    static std::size_t memory_for(std::size_t bytes);

    // Goes on for a while; true once all is done.
    bool step();
    std::string take() { return std::move(out_); }

  private:
    struct State;
    std::unique_ptr<State> state_;
    std::string_view rest_;
    std::string out_;
};

// Puts the compressed body in place of the body: its coding and its own entity tag.
void put_compressed(Response& response, std::string body);

// The end of the opaque part of such a tag.
inline constexpr std::string_view gzip_mark = "-gzip";

}  // namespace yeyak::http
