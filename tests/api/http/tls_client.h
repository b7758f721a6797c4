// A client that speaks TLS, for tests of the server: it trusts one authority and waits for all.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/api/http/certificates.h"

struct ssl_st;
struct ssl_ctx_st;

namespace yeyak::http::testing {

struct TlsClientOptions {
    std::string trusted;  // PEM of the authority
    int version = 0;      // the only one, such as TLS1_2_VERSION; 0: all
    std::optional<Certificate> shown = {};
    std::string alpn = {};  // as on the wire: "\x02h2"
};

class TlsClient {
  public:
    // Connects and does the handshake; connected() tells whether it succeeded. With TLS 1.3 a
    // client learns that his certificate was refused when he reads.
    TlsClient(std::uint16_t port, const TlsClientOptions& options);
    ~TlsClient();
    TlsClient(const TlsClient&) = delete;
    TlsClient& operator=(const TlsClient&) = delete;

    bool connected() const { return connected_; }
    std::string version() const;
    std::string protocol() const;  // that ALPN chose
    std::string subject() const;   // of the server's certificate
    void send(std::string_view bytes);
    // Reads one answer with its body; "closed" when the server closed instead.
    std::string answer();
    bool wait_for(std::string_view text);
    std::string rest();
    // The server said that it ends (close_notify), instead of just closing.
    bool was_told_the_end() const { return told_end_; }

  private:
    bool fill();

    int socket_ = -1;
    std::shared_ptr<ssl_ctx_st> context_;
    std::shared_ptr<ssl_st> session_;
    bool connected_ = false;
    bool told_end_ = false;
    std::string buffer_;
};

}  // namespace yeyak::http::testing
