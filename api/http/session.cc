#include "api/http/session.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <utility>

#include "api/http/compression.h"
#include "api/http/cors.h"
#include "api/http/entity_tag.h"
#include "api/http/last_pass.h"
#include "api/http/problem.h"
#include "api/http/router.h"
#include "api/http/stream_watch.h"
#include "kernel/edge/watch.h"

namespace yeyak::http {

namespace asio = boost::asio;
using asio::awaitable;
using boost::system::error_code;

namespace {

// Larger bodies are sent from where they are, instead of being copied behind their head.
constexpr std::size_t copied_body = 32 * 1024;
// An output buffer that grew beyond this is given back after its answer.
constexpr std::size_t kept_output = 4 * 1024;
// What a body becomes while it is carried out: itself, what is read from it, the record in the log,
// and that record in the batch that is written.
constexpr std::size_t copies_of_a_body = 4;
// During a drain, for a handshake under way and the request that it is made for: some round trips.
constexpr std::chrono::seconds last_handshake{1};

FramingLimits limits_of(const ServerOptions& options) {
    return {options.max_head_bytes, options.max_fields, options.max_body_bytes};
}

}  // namespace

Session::Session(std::shared_ptr<Connection> connection, std::shared_ptr<Sessions> shared,
                 Holding holding, Refusal turned_away)
    : connection_(std::move(connection)),
      shared_(std::move(shared)),
      options_(shared_->options),
      holding_(std::move(holding)),
      turned_away_(turned_away),
      parser_(limits_of(options_)) {
    if (turned_away_) ++shared_->turned_away;
}

Session::~Session() {
    if (turned_away_) --shared_->turned_away;
    shared_->remove(this, counted_for_);
}

void Session::start() {
    if (!turned_away_) counted_for_ = connection_->peer();
    shared_->add(shared_from_this(), counted_for_);
    auto running = run(shared_from_this());
    asio::co_spawn(connection_->executor(), std::move(running), asio::detached);
}

void Session::drain() {
    asio::post(connection_->executor(), [self = shared_from_this()] {
        if (self->stream_) self->stream_->drain();
        if (self->phase_ == Phase::lingering) self->connection_->cancel();
        if (self->phase_ == Phase::handshake) self->connection_->shorten_deadline(last_handshake);
        if (self->phase_ == Phase::idle)
            self->connection_->shorten_deadline(self->options_.drain_grace);
    });
}

void Session::cut() {
    asio::post(connection_->executor(),
               [self = shared_from_this()] { self->connection_->close(); });
}

awaitable<void> Session::run(std::shared_ptr<Session> self) {
    try {
        const bool ready = !self->connection_->has_tls() || co_await self->handshake();
        if (ready && self->turned_away_)
            co_await self->refuse(*self->turned_away_);
        else if (ready)
            co_await self->serve();
    } catch (const std::exception& e) {
        // Nobody is left to answer; the failure ends this connection and no other.
        if (self->options_.on_handler_error) {
            const Request unknown;
            self->options_.on_handler_error(unknown, e.what());
        }
    }
    self->connection_->close();
}

awaitable<bool> Session::handshake() {
    using Handshake = Connection::Handshake;
    phase_ = Phase::handshake;
    connection_->set_deadline(options_.head_deadline);
    if (shared_->draining) connection_->shorten_deadline(last_handshake);
    if (!holding_.hold(handshake_bytes)) co_return false;
    const auto ended = co_await connection_->handshake(*shared_->turns);
    holding_.keep(0);
    phase_ = Phase::answering;
    if (ended == Handshake::plain) co_await refuse(tls_required);
    if (ended == Handshake::failed) {
        ++shared_->failed_handshakes;
        if (options_.on_failed_handshake) options_.on_failed_handshake(connection_->tls_failure());
        if (!connection_->timed_out()) co_await linger();  // an alert says what was wrong
    }
    connection_->clear_deadline();
    co_return ended == Handshake::done;
}

awaitable<void> Session::serve() {
    bool open = true;
    while (open) {
        const bool complete = co_await read_request();
        if (!complete) co_return;
        open = co_await answer();
    }
    // A client that pipelined more than was answered is still sending, perhaps.
    if (begin_ < end_ || connection_->has_unread()) co_await linger();
}

void Session::enter(Phase phase, std::chrono::milliseconds deadline) {
    if (phase_ == phase) return;  // a trickle of bytes does not move the deadline
    phase_ = phase;
    connection_->set_deadline(deadline);
}

awaitable<bool> Session::read_request() {
    phase_ = Phase::answering;  // so that idle sets its deadline anew
    continued_ = false;
    for (;;) {
        const std::string_view input{input_.data() + begin_, end_ - begin_};
        begin_ += parser_.put(input);
        if (!holding_.hold(parser_.held_bytes())) {
            co_await refuse(no_memory);
            co_return false;
        }
        if (parser_.state() == RequestParser::State::complete) break;
        if (parser_.state() == RequestParser::State::failed) {
            const FramingError error = parser_.error();
            co_await refuse(error);
            co_return false;
        }
        const bool more = co_await read_more();
        if (!more) co_return false;
    }
    phase_ = Phase::answering;
    connection_->clear_deadline();
    co_return true;
}

awaitable<bool> Session::read_more() {
    if (parser_.idle()) {
        enter(Phase::idle, shared_->draining ? options_.drain_grace : options_.idle_deadline);
    } else if (parser_.state() == RequestParser::State::head) {
        enter(Phase::head, options_.head_deadline);
    } else {
        enter(Phase::body, options_.body_deadline);
    }
    if (parser_.awaits_continue() && !std::exchange(continued_, true)) {
        std::string_view interim = "HTTP/1.1 100 Continue\r\n\r\n";
        if (!connection_->write_some(interim) || !interim.empty()) co_return false;
    }
    error_code ec;
    begin_ = 0;
    end_ = co_await connection_->read(input_.data(), input_.size(), ec);
    if (connection_->timed_out() && phase_ != Phase::idle) {
        const FramingError slow = deadline_error();
        co_await refuse(slow);
        co_return false;
    }
    // What came at the very moment when the time was over is a request, and is answered.
    if (connection_->timed_out() && end_ == 0)
        end_ = connection_->read_arrived(input_.data(), input_.size());
    co_return end_ > 0;
}

FramingError Session::deadline_error() const {
    if (phase_ == Phase::head)
        return {408, "head_deadline", "the request line and header fields came too slowly"};
    return {408, "body_deadline", "the body came too slowly"};
}

std::chrono::nanoseconds Session::monotonic_now() const {
    return options_.monotonic_clock ? options_.monotonic_clock() : std::chrono::nanoseconds{0};
}

std::string_view Session::date() {
    return options_.wall_clock ? date_.at(options_.wall_clock()) : std::string_view{};
}

void Session::identify(Request& request) {
    const auto given = request.headers.find("X-Correlation-Id");
    if (given && is_correlation_id(*given))
        request.correlation_id = *given;
    else
        request.correlation_id = shared_->make_correlation_id();
    auto sender = sender_of(request.headers, connection_->peer(), options_.proxies,
                            connection_->has_tls() ? "https" : "http");
    request.client_certificate = connection_->client_certificate();
    request.peer = std::move(sender.address);
    request.authority = std::move(sender.authority);
    request.base = std::move(sender.base);
}

// A connection of a proxy counts for the client whose request it carries. False when that client
// has as many as one may have.
bool Session::count_for(const std::string& address) {
    if (address == counted_for_) return true;
    const bool proxy = options_.proxies.trusted.contains(address);
    const auto most = proxy ? SIZE_MAX : options_.max_connections_of_one;
    if (!shared_->move(counted_for_, address, most)) return false;
    holding_.pass_to(shared_->budget->open(address));
    counted_for_ = address;
    return true;
}

void Session::make_safe(const Request& request, Response& response) const {
    if (can_be_sent(response)) [[likely]]
        return;
    if (options_.on_handler_error)
        options_.on_handler_error(request,
                                  "the answer holds a field or a status that cannot be sent");
    response = problem(500, "internal_error", "the server failed; the failure is logged");
}

Response Session::unavailable(const FramingError& why) const {
    Response response = problem(why.status, why.code, why.detail);
    response.headers.add("Retry-After", std::to_string(options_.retry_after.count()));
    return response;
}

// What is answered to whoever asks too often, or is not known, or may not; none: he is let in. The
// address is counted before a token is looked at: whoever sends invented ones pays for that, too.
awaitable<std::optional<Response>> Session::let_in(Request& request, const Route* route) {
    const auto which = class_of(request);
    if (which) rate_ = shared_->rates.take_of_address(*which, request.peer, monotonic_now());
    if (!rate_.admitted) co_return too_often(*which, rate_);
    if (!options_.admit) co_return std::nullopt;
    auto denied = co_await options_.admit(request, route);
    if (!which || !request.caller) co_return denied;
    const auto own = shared_->rates.take_of_caller(*which, *request.caller, monotonic_now());
    if (works_here(*request.caller)) shared_->rates.give_back_to_address(*which, request.peer);
    rate_ = works_here(*request.caller) ? own : tighter(rate_, own);
    if (!own.admitted) co_return too_often(*which, own);
    co_return denied;
}

// The answer of the server itself or of the route, and the pattern of the route.
awaitable<Response> Session::handle(Request& request, std::string_view& pattern) {
    received_ = request.body.size();
    rate_ = {};
    const std::size_t body = request.body.capacity();
    if (body > small_bytes && !holding_.hold(copies_of_a_body * body))
        co_return unavailable(no_memory);
    co_await shared_->turns->next(request.peer);
    request.turn = [turns = shared_->turns, peer = request.peer] { return turns->next(peer); };
    request.count = [this, body](std::size_t bytes) {
        return holding_.hold(body > small_bytes ? copies_of_a_body * body + bytes : bytes);
    };
    request.is_gone = [this] { return connection_->gone(); };
    Router::Resolution found;
    if (!count_for(request.peer)) co_return unavailable(too_many_of_one);
    if (options_.refuse) found.answer = options_.refuse(request);
    // What it is called there leads to somebody else.
    if (found.answer && found.answer->problem_code == "unknown_host")
        request.base = options_.proxies.public_address;
    const bool refused = found.answer.has_value();
    if (!refused) found = shared_->router.resolve(request);
    pattern = found.pattern;
    route_ = found.route;
    LoopWatch::about(pattern, request.correlation_id);
    if (!refused) {
        auto denied = co_await let_in(request, found.route);
        LoopWatch::about(pattern, request.correlation_id);
        if (denied) co_return *std::move(denied);
    }
    if (found.answer) co_return std::move(*found.answer);
    Response response = co_await Router::run(*found.route, request, options_.on_handler_error);
    LoopWatch::about(pattern, request.correlation_id);  // it may be another handler by now
    request.body = std::string{};
    co_return response;
}

awaitable<bool> Session::answer() {
    Request request = parser_.take();
    const auto started = monotonic_now();
    identify(request);
    std::string_view pattern;
    Response response = co_await handle(request, pattern);
    const bool secret =
        options_.last_pass && options_.last_pass(request, response.content_type, response.body);
    const bool packable = !secret && is_compressible(request, response);
    make_conditional(request, response);
    share_with_page(request, options_.origins, response);
    make_safe(request, response);
    tell_caches(request, response);
    if (const auto which = class_of(request)) tell_rate(response, *which, rate_);
    hold_answer(request, response);
    complete_problem(request, response);
    if (packable) co_await compress(request, response);

    AnswerShape shape;
    shape.version = request.version;
    shape.head_only = request.method == Method::head;
    shape.keep_alive = request.keep_alive && !response.stream && !shared_->draining;
    shape.date = date();
    shape.correlation_id = request.correlation_id;
    streamed_ = response.stream != nullptr;
    const bool sent = co_await send(response, shape);
    if (sent && streamed_ && !shape.head_only)
        co_await send_stream(request, response.content_type, std::move(response.stream));
    record(request, pattern, response.status, started, response.problem_code);
    holding_.keep(0);
    co_return sent&& shape.keep_alive;
}

awaitable<bool> Session::send(const Response& response, const AnswerShape& shape) {
    const bool one_piece = response.body.size() <= copied_body;
    output_.clear();
    append_answer(output_, response, shape, one_piece);
    sent_ = output_.size();
    std::string_view rest = output_;
    bool sent = connection_->write_some(rest);
    if (sent && !rest.empty()) sent = co_await connection_->write(rest);
    if (sent && !one_piece && !shape.head_only && may_have_body(response.status)) {
        sent_ += response.body.size();
        sent = co_await connection_->write(response.body);
    }
    if (output_.capacity() > kept_output) output_ = std::string{};
    co_return sent;
}

awaitable<void> Session::send_stream(const Request& request, std::string_view content_type,
                                     Stream stream) {
    stream_ = std::make_shared<StreamSession>(connection_, *shared_->turns, holding_,
                                              request.version == 11);
    stream_->start();
    if (shared_->draining) stream_->drain();
    if (request.caller)
        watch_stream(connection_->executor(), stream_, request, route_, options_.admit);
    std::string failure;
    try {
        LastPass passed{*stream_, request, content_type, options_};
        co_await stream(passed);
    } catch (const std::exception& e) {
        failure = e.what();
    }
    // A stream that failed is cut short, so that the client does not take it for whole.
    if (failure.empty())
        co_await stream_->finish();
    else if (options_.on_handler_error)
        options_.on_handler_error(request, failure);
    stream_->stop();
    sent_ += stream_->bytes_sent();
    stream_.reset();
}

awaitable<void> Session::refuse(const FramingError& error) {
    phase_ = Phase::answering;
    connection_->clear_deadline();
    const auto started = monotonic_now();
    Request request = parser_.abandon();
    received_ = 0;
    streamed_ = false;
    holding_.keep(0);
    identify(request);
    // What the client calls us was not read: a link without a host leads to where he asked.
    if (!request.headers.contains("Host")) request.base = options_.proxies.public_address;
    Response response = problem(error.status, error.code, error.detail);
    complete_problem(request, response);
    if (error.status == 503)
        response.headers.add("Retry-After", std::to_string(options_.retry_after.count()));
    share_with_page(request, options_.origins, response);
    AnswerShape shape;
    shape.keep_alive = false;
    shape.head_only = !request.target.empty() && request.method == Method::head;
    shape.date = date();
    shape.correlation_id = request.correlation_id;
    const bool sent = co_await send(response, shape);
    record(request, {}, error.status, started, error.code);
    if (sent) co_await linger();
}

awaitable<void> Session::linger() {
    phase_ = Phase::lingering;
    co_await connection_->linger(options_.linger);
}

}  // namespace yeyak::http
