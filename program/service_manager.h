// Who started the program, when that was systemd or something that speaks as it does: it is told
// how the program fares (sd_notify(3)), and may have opened the socket to listen on
// (sd_listen_fds(3)). Both are protocols of a few lines, so that no library of systemd is needed.
// Without such a manager nothing is told and nothing is given.
//
// Threads: one. Errors: what cannot be told is not told; a socket that cannot be used is a
// sentence.
#pragma once
#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace yeyak::program {

class ServiceManager {
  public:
    ServiceManager();  // by $NOTIFY_SOCKET, $WATCHDOG_USEC and $WATCHDOG_PID
    ~ServiceManager();
    ServiceManager(const ServiceManager&) = delete;
    ServiceManager& operator=(const ServiceManager&) = delete;

    bool is_there() const { return socket_ >= 0; }
    void ready() const { tell("READY=1"); }
    void reloading() const;
    void stopping() const { tell("STOPPING=1"); }
    void alive() const { tell("WATCHDOG=1"); }

    // It ends the program when it is not told for so long that it is alive.
    std::optional<std::chrono::microseconds> patience() const { return patience_; }

  private:
    void tell(std::string_view state) const;

    int socket_ = -1;
    std::optional<std::chrono::microseconds> patience_;
};

// A TCP socket that listens.
struct GivenSocket {
    int descriptor = -1;
    std::string address;
    std::uint16_t port = 0;
};

// The one that the manager opened for this process ($LISTEN_FDS, $LISTEN_PID); nothing when it
// opened none. To be asked once.
std::expected<std::optional<GivenSocket>, std::string> given_socket();

}  // namespace yeyak::program
