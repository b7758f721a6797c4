// The smallest HTTP server that Beast allows: one thread, callbacks, no timeouts, no limits,
// answers that are already bytes. It is what the constant server and the minimal server stand on,
// and so a limit for any server on the same library. Never an example for production.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace yeyak::bench {

struct Request {
    bool is_post = false;
    std::string_view target;
    std::string_view expected_version;  // header Expected-Version, empty when absent
    std::string_view body;
};

class Connection {
  public:
    virtual ~Connection() = default;
    // Exactly once per request, on the server's thread; the bytes are a whole HTTP response.
    virtual void answer(std::string_view response) = 0;
};

// The request is valid during the call only. The answer may come later.
using Handler = std::function<void(const std::shared_ptr<Connection>&, const Request&)>;

class HttpServer {
  public:
    HttpServer(std::uint16_t port, Handler handler);  // loopback only
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    // Serves until SIGTERM or SIGINT.
    void run();
    // Runs the work on the server's thread; callable from any thread.
    void post(std::move_only_function<void()> work);

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace yeyak::bench
