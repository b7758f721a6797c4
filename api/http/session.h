// One connection: reads requests, has them handled one after the other, writes the answers in
// order. Its state belongs to its executor; drain() and cut() may be called from any thread.
//
//   idle ──▶ reading ──complete──▶ answering ──▶ idle …
//     │          │                     └──stream──▶ closed
//     │          └──refused──▶ lingering ──▶ closed
//     └──deadline, drain or client gone──▶ closed
//
// With TLS a handshake comes before all of it, within the deadline of a head.
#pragma once
#include <array>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "api/http/answer.h"
#include "api/http/connection.h"
#include "api/http/framing.h"
#include "api/http/holding.h"
#include "api/http/rates.h"
#include "api/http/sessions.h"
#include "api/http/stream.h"

namespace yeyak::http {

class Session : public std::enable_shared_from_this<Session> {
  public:
    // With a refusal the session says nothing else.
    Session(std::shared_ptr<Connection> connection, std::shared_ptr<Sessions> shared,
            Holding holding, Refusal turned_away);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    void start();  // registers the session, and runs it until its connection is closed
    void drain();
    void cut();

  private:
    enum class Phase { handshake, idle, head, body, answering, lingering };

    static boost::asio::awaitable<void> run(std::shared_ptr<Session> self);
    boost::asio::awaitable<bool> handshake();
    boost::asio::awaitable<void> serve();
    boost::asio::awaitable<bool> read_request();
    boost::asio::awaitable<bool> read_more();
    boost::asio::awaitable<bool> answer();
    boost::asio::awaitable<Response> handle(Request& request, std::string_view& pattern);
    boost::asio::awaitable<std::optional<Response>> let_in(Request& request, const Route* route);
    Response unavailable(const FramingError& why) const;
    boost::asio::awaitable<void> compress(const Request& request, Response& response);
    void hold_answer(const Request& request, Response& response);
    boost::asio::awaitable<bool> send(const Response& response, const AnswerShape& shape);
    boost::asio::awaitable<void> send_stream(const Request& request, std::string_view content_type,
                                             Stream stream);
    boost::asio::awaitable<void> refuse(const FramingError& error);
    boost::asio::awaitable<void> linger();

    void enter(Phase phase, std::chrono::milliseconds deadline);
    void identify(Request& request);
    void make_safe(const Request& request, Response& response) const;
    std::chrono::nanoseconds monotonic_now() const;
    std::string_view date();
    FramingError deadline_error() const;
    bool count_for(const std::string& address);
    void record(const Request& request, std::string_view pattern, int status,
                std::chrono::nanoseconds started, std::string_view error_code) const;

    const std::shared_ptr<Connection> connection_;
    const std::shared_ptr<Sessions> shared_;
    const ServerOptions& options_;
    Holding holding_;
    const Refusal turned_away_;
    std::string counted_for_;  // address; empty: it counts for none
    Phase phase_ = Phase::answering;
    RequestParser parser_;
    bool continued_ = false;  // "100 Continue" was sent for this request
    std::array<char, 8 * 1024> input_;
    std::size_t begin_ = 0;  // of what was read and not yet parsed
    std::size_t end_ = 0;
    std::string output_;
    std::size_t received_ = 0;  // bytes of the body of the request under way
    std::size_t sent_ = 0;      // bytes of its answer
    bool streamed_ = false;     // its answer is a stream
    const Route* route_ = nullptr;
    Rates::Told rate_;  // what is left to whoever sent it
    DateText date_;
    std::shared_ptr<StreamSession> stream_;
};

}  // namespace yeyak::http
