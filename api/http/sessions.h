// What the connections of one server share: its options, its routes, the list of open sessions,
// and the state of the drain. Thread-safe; outlives the Server, because sessions hold it.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "api/http/server.h"

namespace yeyak::http {

class Session;

class Sessions {
  public:
    Sessions(ServerOptions server_options, const Router& routes)
        : options(std::move(server_options)), router(routes) {}

    const ServerOptions options;
    const Router& router;
    std::atomic<bool> draining{false};
    std::atomic<std::size_t> turned_away{0};  // of the open ones, those only being told 503

    void add(const std::shared_ptr<Session>& session);
    void remove(const Session* session);
    std::size_t count() const { return count_; }
    std::vector<std::shared_ptr<Session>> all() const;

    // Called once, when the last session has gone; at once if none is there. May be called on the
    // executor of that last session.
    void when_empty(std::function<void()> callback);

    std::string make_correlation_id();

  private:
    mutable std::mutex mutex_;
    std::unordered_map<const Session*, std::weak_ptr<Session>> open_;
    std::function<void()> when_empty_;
    std::atomic<std::size_t> count_{0};
    std::atomic<std::uint64_t> next_correlation_id_{1};
};

}  // namespace yeyak::http
