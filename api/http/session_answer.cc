// What a session does with an answer besides sending it: it is counted, packed, and told to the
// log.
#include <utility>

#include "api/http/compression.h"
#include "api/http/session.h"

namespace yeyak::http {

using boost::asio::awaitable;

// Whoever reads can ask again; what a command answers says what was done, and must be told.
void Session::hold_answer(const Request& request, Response& response) {
    const std::size_t size = response.body.capacity();
    if (request.method != Method::get && request.method != Method::head)
        holding_.keep(size);
    else if (!holding_.hold(size))
        response = unavailable(no_memory);
}

// In gzip when the client takes it and there is room for it; else as it is.
awaitable<void> Session::compress(const Request& request, Response& response) {
    if (response.status != 200 && response.status != 304) co_return;
    response.headers.add("Vary", "Accept-Encoding");
    if (response.status == 304 || !takes_gzip(request.headers)) co_return;
    const std::size_t needed = Gzip::memory_for(response.body.size());
    if (!holding_.hold(response.body.capacity() + needed)) co_return;
    Gzip gzip{response.body};
    while (!gzip.step()) co_await shared_->turns->next(request.peer);
    auto packed = gzip.take();
    if (packed.size() < response.body.size()) put_compressed(response, std::move(packed));
    holding_.keep(response.body.capacity());
}

void Session::record(const Request& request, std::string_view pattern, int status,
                     std::chrono::nanoseconds started, std::string_view error_code) const {
    if (!options_.on_access) return;
    AccessRecord access;
    if (!request.target.empty()) access.method = to_string(request.method);
    access.target = request.target;
    access.pattern = pattern;
    access.status = status;
    access.duration = monotonic_now() - started;
    access.bytes_in = received_;
    access.bytes_out = sent_;
    access.correlation_id = request.correlation_id;
    access.peer = request.peer;
    access.error_code = error_code;
    access.streamed = streamed_;
    options_.on_access(access);
}

}  // namespace yeyak::http
