// What people do in a system, as data and short coroutines.
//
// A visit is what one user does in one go: requests one after the other, each decided by the user's
// own random numbers and by the answers. A script draws what it decides before its first request,
// so that the same seed gives the same wishes however the server answers. Once the day is over,
// every request answers at once with no status; a script simply goes on to its end.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "demo/random.h"
#include "replay-tools/remote/client.h"

namespace yeyak::demo {

using remote::Answer;
using remote::Client;
using remote::ClientRequest;

class Day;
struct Script;

template <class T>
using Task = boost::asio::awaitable<T>;

class User {
  public:
    User(Day& day, Client& client, const Script& script, std::uint64_t visit, std::int64_t number);

    // 1 and up. The same person comes again with the same number.
    std::int64_t number() const { return number_; }
    Random& random() { return random_; }

    // Paths are those of the system: "/orders". Commands carry an Idempotency-Key; 503 is tried
    // again when the server says so, with the same key. `also` is one more status that is in order
    // here, beside 2xx, 402, 409 and 503.
    Task<Answer> get(std::string_view kind, std::string path, int also = 0);
    Task<Answer> post(std::string_view kind, std::string path, std::string body, int also = 0);
    Task<Answer> patch(std::string_view kind, std::string path, std::string body, int also = 0);
    Task<Answer> remove(std::string_view kind, std::string path, int also = 0);

    // Something was achieved: "reservations".
    void made(std::string_view what);

    // Puts an id where other users of the system see it, and takes one of those put there lately.
    void put_up(std::int64_t id);
    std::int64_t pick(std::uint64_t drawn) const;  // 0 when there is none

  private:
    Task<Answer> ask(std::string_view kind, std::string method, std::string path, std::string body,
                     int also);
    std::string next_key();

    Day& day_;
    Client& client_;
    const Script& script_;
    const std::uint64_t visit_;
    const std::int64_t number_;
    Random random_;
    std::uint64_t asked_ = 0;
};

struct Script {
    std::string_view system;
    Task<void> (*visit)(User& user);
    std::span<const std::string_view> contexts;  // those that an outage may stop
};

// Those of all systems, in their order.
using Scripts = std::span<const Script* const>;

}  // namespace yeyak::demo
