// A stream whose pieces go through the server's last pass before they are sent.
#pragma once
#include <string>
#include <string_view>
#include <utility>

#include "api/http/http.h"
#include "api/http/server.h"

namespace yeyak::http {

// A stream whose pieces go through the server's last pass.
class LastPass final : public StreamWriter {
  public:
    LastPass(StreamWriter& writer, const Request& request, std::string_view content_type,
             const ServerOptions& options)
        : writer_(writer), request_(request), content_type_(content_type), options_(options) {}

    boost::asio::awaitable<bool> write(std::string piece) override {
        if (options_.last_pass) options_.last_pass(request_, content_type_, piece);
        const bool sent = co_await writer_.write(std::move(piece));
        co_return sent;
    }
    boost::asio::awaitable<void> turn() override { return writer_.turn(); }
    bool closing() const override { return writer_.closing(); }
    void on_closing(std::function<void()> callback) override {
        writer_.on_closing(std::move(callback));
    }
    std::chrono::steady_clock::duration standing_still() const override {
        return writer_.standing_still();
    }
    void cut() override { writer_.cut(); }

  private:
    StreamWriter& writer_;
    const Request& request_;
    const std::string content_type_;
    const ServerOptions& options_;
};

}  // namespace yeyak::http
