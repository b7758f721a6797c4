// What one connection holds of the budget. A connection with a small request or answer under way is
// always granted, so that those who send little are served whatever others do; for anything larger
// there must be room. On the connection's executor.
#pragma once
#include <cstddef>
#include <utility>

#include "api/http/budget.h"

namespace yeyak::http {

// An open connection: its buffer for reading, its coroutines, and a request of a few lines.
inline constexpr std::size_t connection_bytes = 16 * 1024;
// The same with TLS: its keys and state (17 KiB with OpenSSL 3.0).
inline constexpr std::size_t tls_connection_bytes = 32 * 1024;
// Beside it until the handshake is done: the largest message that a client may announce, which is
// made room for as soon as it is announced, whether it is sent or not.
inline constexpr std::size_t handshake_bytes = 192 * 1024;
// A request or answer of up to so many bytes is never refused for lack of memory.
inline constexpr std::size_t small_bytes = 32 * 1024;

class Holding {
  public:
    // `connection` is what the connection itself takes.
    explicit Holding(Budget::Share share, std::size_t connection = connection_bytes)
        : share_(std::move(share)), connection_(connection) {}

    // The connection itself. False when there is no room for one more.
    [[nodiscard]] bool begin() { return share_.resize(connection_); }

    // Holds `bytes` beside the connection, instead of what it held. False when they are too many
    // now; then it holds what it held.
    [[nodiscard]] bool hold(std::size_t bytes) {
        const std::size_t wanted = size_for(bytes);
        if (wanted == share_.size()) return true;
        if (bytes > small_bytes) return share_.resize(wanted);
        share_.set(wanted);
        return true;
    }
    // The same, granted always: for what is there already and cannot be taken back.
    void keep(std::size_t bytes) { share_.set(size_for(bytes)); }

    // Holds what it holds for another subject: an empty share of it.
    void pass_to(Budget::Share share) {
        share.set(share_.size());
        share_ = std::move(share);
    }

  private:
    static constexpr std::size_t step = 8 * 1024;  // so that a small change costs nothing

    std::size_t size_for(std::size_t bytes) const {
        if (bytes <= step / 2) return connection_;
        return connection_ + (bytes + step - 1) / step * step;
    }

    Budget::Share share_;
    std::size_t connection_;
};

}  // namespace yeyak::http
