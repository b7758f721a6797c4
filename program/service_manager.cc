#include "program/service_manager.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace yeyak::program {
namespace {

constexpr int first_given = 3;  // SD_LISTEN_FDS_START

std::string_view variable(const char* name) {
    const char* value = std::getenv(name);
    return value ? std::string_view{value} : std::string_view{};
}

std::optional<std::int64_t> number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

bool is_for_us(std::string_view pid) { return number(pid) == getpid(); }

// A socket that is connected to where the manager listens: a path, or after '@' a name that is no
// file. -1 when there is none.
int connect_to(std::string_view path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() < 2 || path.size() >= sizeof address.sun_path) return -1;
    std::memcpy(address.sun_path, path.data(), path.size());
    if (path.front() == '@') address.sun_path[0] = '\0';
    const int made = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (made < 0) return -1;
    // A manager that does not read is not to hold up everybody who is served.
    const timeval longest{1, 0};
    setsockopt(made, SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof longest);
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
    if (::connect(made, reinterpret_cast<const sockaddr*>(&address), size) == 0) return made;
    ::close(made);
    return -1;
}

int option_of(int socket, int option) {
    int value = -1;
    socklen_t size = sizeof value;
    return getsockopt(socket, SOL_SOCKET, option, &value, &size) == 0 ? value : -1;
}

bool is_tcp_listener(int socket) {
    const int domain = option_of(socket, SO_DOMAIN);
    return (domain == AF_INET || domain == AF_INET6) && option_of(socket, SO_TYPE) == SOCK_STREAM &&
           option_of(socket, SO_PROTOCOL) == IPPROTO_TCP && option_of(socket, SO_ACCEPTCONN) == 1;
}

}  // namespace

ServiceManager::ServiceManager() : socket_(connect_to(variable("NOTIFY_SOCKET"))) {
    const auto patience = number(variable("WATCHDOG_USEC"));
    const auto watched = variable("WATCHDOG_PID");
    if (socket_ >= 0 && patience && *patience > 0 && (watched.empty() || is_for_us(watched)))
        patience_ = std::chrono::microseconds{*patience};
}

ServiceManager::~ServiceManager() {
    if (socket_ >= 0) ::close(socket_);
}

void ServiceManager::tell(std::string_view state) const {
    if (socket_ < 0) return;
    const auto sent = ::send(socket_, state.data(), state.size(), MSG_NOSIGNAL);
    static_cast<void>(sent);  // a manager that has gone is told nothing
}

void ServiceManager::reloading() const {
    const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now().time_since_epoch());  // CLOCK_MONOTONIC
    tell(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", now.count()));
}

std::expected<std::optional<GivenSocket>, std::string> given_socket() {
    const auto count = number(variable("LISTEN_FDS")).value_or(0);
    if (count == 0 || !is_for_us(variable("LISTEN_PID"))) return std::nullopt;
    if (count != 1)
        return std::unexpected(fmt::format(
            "{} sockets were handed over, and one is served: keep one ListenStream in the socket "
            "unit",
            count));
    if (!is_tcp_listener(first_given))
        return std::unexpected(
            "what was handed over is no TCP socket that listens: the socket unit needs "
            "ListenStream=ADDRESS:PORT and Accept=no");
    fcntl(first_given, F_SETFD, FD_CLOEXEC);
    boost::asio::ip::tcp::endpoint endpoint;
    auto size = static_cast<socklen_t>(endpoint.capacity());
    if (getsockname(first_given, endpoint.data(), &size) != 0)
        return std::unexpected(fmt::format("the socket that was handed over cannot be asked: {}",
                                           std::strerror(errno)));
    return GivenSocket{first_given, endpoint.address().to_string(), endpoint.port()};
}

}  // namespace yeyak::program
