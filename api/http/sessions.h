// What the connections of one server share: its options, its routes, the list of open sessions,
// and the state of the drain. Thread-safe; outlives the Server, because sessions hold it.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "api/http/framing.h"
#include "api/http/server.h"
#include "api/http/turns.h"

namespace yeyak::http {

class Session;

// Why somebody is told 503, whatever he asks for.
inline constexpr FramingError too_many_of_one{
    503, "too_many_connections_of_address", "your address has as many connections as one may have"};
inline constexpr FramingError no_memory{503, "memory_full",
                                        "the server holds as much for its clients as it may"};
inline constexpr FramingError tls_required{400, "tls_required",
                                           "this port speaks TLS: ask for https:// instead"};

class Sessions {
  public:
    // `executor` is the listener's.
    Sessions(ServerOptions server_options, const Router& routes,
             boost::asio::any_io_executor executor)
        : options(std::move(server_options)),
          router(routes),
          turns(std::make_shared<Turns>(std::move(executor))),
          budget(std::make_shared<Budget>(options.memory_bytes)),
          rates(options.rates) {}

    const ServerOptions options;
    const Router& router;
    const std::shared_ptr<Turns> turns;
    const std::shared_ptr<Budget> budget;
    Rates rates;
    std::atomic<bool> draining{false};
    std::atomic<std::size_t> turned_away{0};          // of the open ones, those only being told 503
    std::atomic<std::uint64_t> refused{0};            // ever, told or closed unanswered
    std::atomic<std::uint64_t> failed_handshakes{0};  // ever

    // `address` is empty for one that does not count for its address.
    void add(const std::shared_ptr<Session>& session, const std::string& address);
    void remove(const Session* session, const std::string& address);
    // Counts an open session for another address, when that one has less than `most`; else false.
    bool move(const std::string& from, const std::string& to, std::size_t most);
    std::size_t count() const { return count_; }
    std::size_t count_of(const std::string& address) const;
    std::vector<std::shared_ptr<Session>> all() const;

    // Called once, when the last session has gone; at once if none is there. May be called on the
    // executor of that last session.
    void when_empty(std::function<void()> callback);

    std::string make_correlation_id();

  private:
    mutable std::mutex mutex_;
    std::unordered_map<const Session*, std::weak_ptr<Session>> open_;
    void forget_one(const std::string& address);
    std::unordered_map<std::string, std::size_t> by_address_;
    std::function<void()> when_empty_;
    std::atomic<std::size_t> count_{0};
    std::atomic<std::uint64_t> next_correlation_id_{1};
};

// Whether what a client calls its request can be kept: 1 to 64 letters, digits, '.', '_' and '-'.
bool is_correlation_id(std::string_view id);

}  // namespace yeyak::http
