#include "api/http/compression.h"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "api/http/negotiation.h"
#include "kernel/ensure.h"

namespace yeyak::http {
namespace {

// Of each step: a third of a millisecond to two, by what the text is like.
constexpr std::size_t step_bytes = 32 * 1024;
// Beyond it time grows faster than the text shrinks.
constexpr int level = 5;
constexpr int window_bits = 15;
constexpr int gzip_header = 16;  // added to the bits: RFC 1952 instead of RFC 1950
constexpr int memory_level = 8;

bool is_text(std::string_view content_type) {
    constexpr std::array<std::string_view, 5> types{"application/json", "application/hal+json",
                                                    "text/html", "text/csv", "text/plain"};
    return std::ranges::any_of(types, [type = media_type(content_type)](std::string_view each) {
        return same_name(each, type);
    });
}

}  // namespace

bool takes_gzip(const Headers& headers) {
    const auto weights = coding_weights(headers, "gzip");
    return weights.coding > 0 && weights.coding >= weights.identity;
}

bool is_compressible(const Request& request, const Response& response) {
    const bool reads = request.method == Method::get || request.method == Method::head;
    return reads && response.status == 200 && !response.stream && is_text(response.content_type) &&
           response.body.size() >= least_compressed &&
           request.query.begin() == request.query.end() &&
           !response.headers.contains("Content-Encoding");
}

struct Gzip::State {
    z_stream stream{};
};

Gzip::Gzip(std::string_view text) : state_(std::make_unique<State>()), rest_(text) {
    const int begun = deflateInit2(&state_->stream, level, Z_DEFLATED, window_bits + gzip_header,
                                   memory_level, Z_DEFAULT_STRATEGY);
    ensure(begun == Z_OK, "zlib begins when there is memory");
}

Gzip::~Gzip() { deflateEnd(&state_->stream); }

std::size_t Gzip::memory_for(std::size_t bytes) {
    // zlib.h: (1 << (window_bits + 2)) + (1 << (memory_level + 9)), and what the text can become.
    constexpr std::size_t state = (1U << (window_bits + 2)) + (1U << (memory_level + 9));
    return state + bytes + bytes / 16 + step_bytes;
}

bool Gzip::step() {
    auto& stream = state_->stream;
    const auto piece = rest_.substr(0, step_bytes);
    rest_.remove_prefix(piece.size());
    std::string copy{piece};  // zlib's interface takes no constant bytes
    stream.next_in = reinterpret_cast<Bytef*>(copy.data());
    stream.avail_in = static_cast<uInt>(copy.size());
    const int flush = rest_.empty() ? Z_FINISH : Z_NO_FLUSH;
    std::array<Bytef, 16 * 1024> buffer;
    int done = Z_OK;
    do {
        stream.next_out = buffer.data();
        stream.avail_out = buffer.size();
        done = deflate(&stream, flush);
        ensure(done != Z_STREAM_ERROR, "zlib is used as it wants to be");
        out_.append(reinterpret_cast<const char*>(buffer.data()), buffer.size() - stream.avail_out);
    } while (stream.avail_out == 0);
    return done == Z_STREAM_END;
}

void put_compressed(Response& response, std::string body) {
    response.body = std::move(body);
    response.headers.add("Content-Encoding", "gzip");
    const auto tag = response.headers.find("ETag");
    if (!tag || !tag->ends_with('"')) return;
    std::string own{tag->substr(0, tag->size() - 1)};
    own += gzip_mark;
    response.headers.set("ETag", own + '"');
}

}  // namespace yeyak::http
