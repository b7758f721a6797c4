#include "tests/api/http/test_server.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <stdexcept>

namespace yeyak::http::testing {

namespace asio = boost::asio;
using asio::awaitable;
using boost::system::error_code;
using namespace std::chrono_literals;

namespace {

awaitable<void> sleep_for(std::chrono::milliseconds time) {
    asio::steady_timer timer{co_await asio::this_coro::executor};
    timer.expires_after(time);
    co_await timer.async_wait(asio::use_awaitable);
}

awaitable<Response> hello(Request&) { co_return text(200, "hello"); }

awaitable<Response> echo(Request& request) { co_return text(200, request.body); }

awaitable<Response> large(Request&) { co_return text(200, std::string(8 * 1024 * 1024, 'x')); }

awaitable<Response> slow(Request&) {
    co_await sleep_for(200ms);
    co_return text(200, "slow");
}

awaitable<Response> busy(Request&) {
    const auto end = std::chrono::steady_clock::now() + 2ms;
    while (std::chrono::steady_clock::now() < end) {
    }
    co_return text(200, "busy");
}

// Works in steps until nobody waits for it.
awaitable<Response> endless(Request& request) {
    while (!request.gone()) {
        co_await sleep_for(1ms);
        co_await request.let_others_go();
    }
    co_return nobody_waits();
}

// Holds as many bytes as it is asked to while it works.
awaitable<Response> hold(Request& request) {
    if (!request.hold(std::stoul(std::string{request.query["bytes"]})))
        co_return text(503, "no room");
    co_await sleep_for(200ms);
    co_return text(200, "held");
}

awaitable<Response> throw_up(Request&) {
    throw std::runtime_error{"secret"};
    co_return no_content();
}

awaitable<Response> inject(Request& request) {
    Response response = no_content();
    response.headers.add("Location", request.query["to"]);
    co_return response;
}

// How the client calls the server, and who he is by his certificate.
awaitable<Response> who(Request& request) {
    co_return text(200, request.base + " " + request.client_certificate);
}

// Sends an event and then waits to be told to end.
awaitable<void> wait_for_end(StreamWriter& out) {
    const bool sent = co_await out.write("data: first\n\n");
    if (!sent) co_return;
    asio::steady_timer timer{co_await asio::this_coro::executor};
    timer.expires_after(1h);
    out.on_closing([&timer] { timer.cancel(); });
    error_code ec;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
}

awaitable<void> three_events(StreamWriter& out) {
    bool open = true;
    for (const char* event : {"data: 1\n\n", "data: 2\n\n", "data: 3\n\n"})
        if (open) open = co_await out.write(event);
}

awaitable<void> flood_events(StreamWriter& out) {
    const std::string block(64 * 1024, 'x');
    bool open = true;
    while (open) open = co_await out.write(block);
}

awaitable<void> fail_after_one(StreamWriter& out) {
    co_await out.write("data: 1\n\n");
    throw std::runtime_error{"broken stream"};
}

awaitable<Response> stream(Request& request) {
    const std::string_view kind = request.query["kind"];
    if (kind == "three") co_return event_stream(three_events);
    if (kind == "flood") co_return event_stream(flood_events);
    if (kind == "fail") co_return event_stream(fail_after_one);
    co_return event_stream(wait_for_end);
}

}  // namespace

Router test_routes() {
    Router router;
    const auto add = [&](Method method, std::string pattern, Handler handler) {
        Route route;
        route.method = method;
        route.pattern = std::move(pattern);
        route.handler = std::move(handler);
        route.doc.produces = {};
        route.doc.accepts = {"*/*"};
        router.add(std::move(route));
    };
    add(Method::get, "/hello", hello);
    add(Method::post, "/echo", echo);
    add(Method::get, "/large", large);
    add(Method::get, "/slow", slow);
    add(Method::get, "/busy", busy);
    add(Method::get, "/endless", endless);
    add(Method::get, "/hold", hold);
    add(Method::get, "/throw", throw_up);
    add(Method::get, "/inject", inject);
    add(Method::get, "/who", who);
    add(Method::get, "/stream", stream);
    return router;
}

TestServer::TestServer(ServerOptions options, int threads)
    : work_(asio::make_work_guard(io_)), router_(test_routes()) {
    options.several_threads = threads > 1;
    options.wall_clock = [] { return std::chrono::system_clock::time_point{784111777s}; };
    options.on_access = [this](const AccessRecord& access) {
        const std::lock_guard lock{mutex_};
        access_log_.push_back(std::to_string(access.status) + " " + std::string{access.pattern} +
                              " " + std::string{access.error_code});
    };
    options.on_handler_error = [this](const Request&, std::string_view what) {
        const std::lock_guard lock{mutex_};
        errors_.emplace_back(what);
    };
    server_.emplace(io_, std::move(options), router_);
    const auto port = server_->listen();
    EXPECT_TRUE(port) << port.error();
    port_ = port.value_or(0);
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { io_.run(); });
}

TestServer::~TestServer() {
    io_.stop();
    for (std::thread& thread : threads_) thread.join();
}

bool TestServer::wait_active(std::size_t count) {
    for (int i = 0; i < 1000; ++i) {
        if (server_->active() == count) return true;
        std::this_thread::sleep_for(5ms);
    }
    return false;
}

void TestServer::start_drain(std::chrono::milliseconds deadline) {
    server_->drain(deadline, [this](std::size_t cut) { drained_ = static_cast<int>(cut); });
}

int TestServer::wait_drained() {
    for (int i = 0; i < 1000 && drained_ < 0; ++i) std::this_thread::sleep_for(5ms);
    return drained_;
}

int TestServer::drain(std::chrono::milliseconds deadline) {
    start_drain(deadline);
    return wait_drained();
}

std::vector<std::string> TestServer::access_log() {
    const std::lock_guard lock{mutex_};
    return access_log_;
}

std::vector<std::string> TestServer::errors() {
    const std::lock_guard lock{mutex_};
    return errors_;
}

Client::Client(std::uint16_t port, int receive_buffer, const char* from) : socket_(io_) {
    socket_.open(asio::ip::tcp::v4());
    socket_.bind({asio::ip::make_address(from), 0});
    if (receive_buffer > 0)
        socket_.set_option(asio::socket_base::receive_buffer_size(receive_buffer));
    const asio::ip::tcp::endpoint server{asio::ip::address_v4::loopback(), port};
    socket_.connect(server);
    socket_.set_option(asio::ip::tcp::no_delay(true));
}

void Client::send(std::string_view bytes) {
    error_code ignored;  // a server that has closed already is seen by what it answers
    asio::write(socket_, asio::buffer(bytes.data(), bytes.size()), ignored);
}

void Client::finish_sending() { socket_.shutdown(asio::ip::tcp::socket::shutdown_send); }

bool Client::fill() {
    pollfd waiting{socket_.native_handle(), POLLIN, 0};
    if (poll(&waiting, 1, 10'000) != 1) return false;
    char piece[64 * 1024];
    error_code ec;
    const std::size_t size = socket_.read_some(asio::buffer(piece), ec);
    buffer_.append(piece, size);
    return !ec;
}

bool Client::wait_for(std::string_view text) {
    while (buffer_.find(text) == std::string::npos)
        if (!fill()) return false;
    return true;
}

std::string Client::answer(bool head_only) {
    if (!wait_for("\r\n\r\n")) return "closed";
    const std::size_t head = buffer_.find("\r\n\r\n") + 4;
    std::size_t size = head;
    const std::size_t length = buffer_.find("Content-Length: ");
    if (!head_only && length < head) size += std::stoul(buffer_.substr(length + 16));
    while (buffer_.size() < size)
        if (!fill()) return "cut short";
    std::string answer = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return answer;
}

std::string Client::rest() {
    while (fill()) {
    }
    return std::move(buffer_);
}

bool Client::readable_within(std::chrono::milliseconds time) {
    pollfd waiting{socket_.native_handle(), POLLIN, 0};
    return poll(&waiting, 1, static_cast<int>(time.count())) == 1;
}

int status_of(std::string_view answer) {
    return answer.size() < 12 ? 0 : std::stoi(std::string{answer.substr(9, 3)});
}

std::string body_of(std::string_view answer) {
    const std::size_t head = answer.find("\r\n\r\n");
    return head == std::string_view::npos ? "" : std::string{answer.substr(head + 4)};
}

std::string get(std::string_view target, std::string_view fields) {
    return "GET " + std::string{target} + " HTTP/1.1\r\nHost: h\r\n" + std::string{fields} + "\r\n";
}

std::string post(std::string_view target, std::string_view body, std::string_view fields) {
    return "POST " + std::string{target} +
           " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
           std::string{fields} + "\r\n" + std::string{body};
}

}  // namespace yeyak::http::testing
