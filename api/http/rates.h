// How often a client may ask: a token bucket for each caller and one for the address that he comes
// from, for each class of request. A bucket holds ten seconds' worth; who has been quiet may send
// that at once, and then as much as flows in.
//
// A bucket is one instant, at which it would be full again (the generic cell rate algorithm, ITU-T
// I.371, annex A). One that is full is forgotten, and of those that are not so many are kept; where
// more clients come at a time than that, the ones that asked least lately begin anew.
//
// What is left is told with every answer: draft-ietf-httpapi-ratelimit-headers-10. Time is passed
// in, monotonic. Thread-safe.
#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "api/http/http.h"

namespace yeyak::http {

// What a request is counted with.
enum class RequestClass : std::uint8_t {
    reads,
    commands,  // whatever is neither GET nor HEAD
    audit,     // proofs, trails, exports: what goes through much of the log
};

std::string_view to_string(RequestClass which);
// None: it is not counted. Probes tell whether the program lives, and are answered from memory; a
// preflight that is refused would hide from a page why.
std::optional<RequestClass> class_of(const Request& request);

struct RateOptions {
    // Requests a second of one caller, by class; 0: no limit.
    std::array<std::int64_t, 3> per_second{};
    // An address may ask so many times as often as a caller: an office has one address.
    std::int64_t callers_of_one_address = 10;
    // So does who works here (works_here()): a program is many clients in one.
    std::int64_t times_of_staff = 50;
    std::size_t most_buckets = 100'000;
};

class Rates {
  public:
    using Instant = std::chrono::nanoseconds;  // of a monotonic clock

    explicit Rates(RateOptions options) : options_(options) {}

    // Of one bucket. No quota: there is no limit.
    struct Told {
        std::int64_t quota = 0;      // requests that a full bucket is good for
        std::int64_t remaining = 0;  // requests that may be sent at once
        // Until it is full again or, when the request is refused, until it may be sent.
        std::chrono::seconds wait{0};
        bool admitted = true;
    };
    // Each counts one request, unless it is refused.
    Told take_of_address(RequestClass which, std::string_view address, Instant now);
    Told take_of_caller(RequestClass which, const Caller& caller, Instant now);
    // Of an address that turned out to be that of somebody who works here.
    void give_back_to_address(RequestClass which, std::string_view address);

    std::size_t buckets() const;
    std::uint64_t refused() const;

  private:
    struct Bucket {
        std::string key;
        Instant full_at{0};
    };
    using Buckets = std::list<Bucket>;  // the one that was asked of least lately comes first

    Told take(const std::string& key, Instant interval, Instant now);
    Instant interval(RequestClass which, std::int64_t times) const;  // zero: no limit
    void forget_full(Instant now);

    const RateOptions options_;
    mutable std::mutex mutex_;
    Buckets buckets_;
    std::map<std::string, Buckets::iterator, std::less<>> by_key_;
    std::uint64_t refused_ = 0;
};

// Staff, auditors and operators on the routes that are theirs, and programs: known to whoever runs
// the server, unlike his customers.
bool works_here(const Caller& caller);

// The one of two buckets that lets less through.
Rates::Told tighter(const Rates::Told& a, const Rates::Told& b);

// 429 with Retry-After.
Response too_often(RequestClass which, const Rates::Told& told);
// RateLimit-Policy and RateLimit.
void tell_rate(Response& response, RequestClass which, const Rates::Told& told);

}  // namespace yeyak::http
