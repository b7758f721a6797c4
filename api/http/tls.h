// TLS of a server: what it shows to clients and what it asks of them. By OpenSSL 3: TLS 1.2 and 1.3
// (RFC 5246, 8446) with the suites of Mozilla's "intermediate" that have forward secrecy, without
// compression, renegotiation and early data (which could be replayed); ALPN is http/1.1 (RFC 7301).
// A resumed session needs no signature; the keys of its tickets live in memory, for a day at most.
//
// Threads: any. Errors: a sentence with the file, what is wrong with it and how to mend that.
#pragma once
#include <chrono>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "api/http/tls_stream.h"

namespace yeyak::http {

struct TlsFiles {
    std::filesystem::path certificate;  // PEM: the server's own, then those that lead to a root
    std::filesystem::path key;          // PEM, without a passphrase
    // PEM: clients may show a certificate that leads to one of these. Not set: they are not asked.
    std::optional<std::filesystem::path> client_ca;
    bool client_required = false;  // who shows none is turned away
};

class Tls {
  public:
    using Seconds = std::chrono::sys_seconds;
    // From the last beginning to the first end of the certificates that are sent together.
    struct Validity {
        Seconds begins = Seconds::min();
        Seconds ends = Seconds::max();
    };

    static std::expected<std::shared_ptr<Tls>, std::string> load(TlsFiles files);

    // Reads the files again: whoever connects from now on sees what they hold. Connections stay as
    // they are, and so does everything when a file is not good.
    std::expected<void, std::string> reload();

    Validity validity() const;

    // The server's side of a connection that begins on this socket; null when there is no memory.
    std::unique_ptr<TlsStream> accept(int descriptor);

  private:
    using Clock = std::chrono::steady_clock;

    // What the files held.
    struct Texts {
        std::string certificate;
        std::string key;
        std::optional<std::string> client_ca;
    };
    struct Context {
        std::shared_ptr<ssl_ctx_st> context;
        Validity validity;
        Clock::time_point made_at;
    };

    explicit Tls(TlsFiles files) : files_(std::move(files)) {}
    std::expected<Texts, std::string> read() const;
    std::expected<Context, std::string> make(const Texts& texts) const;

    const TlsFiles files_;
    mutable std::mutex mutex_;
    Texts texts_;
    Context now_;
};

}  // namespace yeyak::http
