#include "api/http/rates.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "api/http/problem.h"
#include "kernel/ensure.h"

namespace yeyak::http {

namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr nanoseconds one_second = seconds{1};
constexpr seconds window{10};  // what a full bucket holds

seconds rounded_up(nanoseconds time) { return std::chrono::ceil<seconds>(time); }

// Where a household or a server has a network of its own, it is that network: who has one address
// of IPv6 has 2^64.
std::string place_of(std::string_view address) {
    boost::system::error_code bad;
    const auto found = boost::asio::ip::make_address(std::string{address}, bad);
    if (bad || !found.is_v6() || found.to_v6().is_v4_mapped()) return std::string{address};
    auto bytes = found.to_v6().to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
    return boost::asio::ip::address_v6{bytes}.to_string();
}

std::string key_of_address(RequestClass which, std::string_view address) {
    return fmt::format("{} at {}", to_string(which), place_of(address));
}

}  // namespace

bool works_here(const Caller& caller) {
    return caller.reach == Reach::all || !caller.may_read.empty() || !caller.may_write.empty();
}

std::string_view to_string(RequestClass which) {
    switch (which) {
        case RequestClass::reads:
            return "reads";
        case RequestClass::commands:
            return "commands";
        case RequestClass::audit:
            return "audit";
    }
    ensure(false, "every class has a name");
    return {};
}

std::optional<RequestClass> class_of(const Request& request) {
    const bool reads = request.method == Method::get || request.method == Method::head;
    if (request.method == Method::options) return std::nullopt;
    if (reads && request.raw_path().starts_with("/actuator/health/")) return std::nullopt;
    if (request.raw_path().starts_with("/audit/")) return RequestClass::audit;
    return reads ? RequestClass::reads : RequestClass::commands;
}

Rates::Instant Rates::interval(RequestClass which, std::int64_t times) const {
    const auto per_second = options_.per_second[static_cast<std::size_t>(which)];
    return per_second == 0 ? Instant{0} : Instant{one_second} / (per_second * times);
}

Rates::Told Rates::take_of_address(RequestClass which, std::string_view address, Instant now) {
    const auto each = interval(which, options_.callers_of_one_address);
    return each == Instant{0} ? Told{} : take(key_of_address(which, address), each, now);
}

Rates::Told Rates::take_of_caller(RequestClass which, const Caller& caller, Instant now) {
    const auto each = interval(which, works_here(caller) ? options_.times_of_staff : 1);
    if (each == Instant{0}) return {};
    return take(fmt::format("{} by {}", to_string(which), caller.subject), each, now);
}

void Rates::give_back_to_address(RequestClass which, std::string_view address) {
    const std::scoped_lock lock{mutex_};
    const auto found = by_key_.find(key_of_address(which, address));
    if (found != by_key_.end())
        found->second->full_at -= interval(which, options_.callers_of_one_address);
}

Rates::Told Rates::take(const std::string& key, Instant interval, Instant now) {
    const std::scoped_lock lock{mutex_};
    forget_full(now);
    const auto found = by_key_.find(key);
    const Instant full_at = found == by_key_.end() ? now : std::max(found->second->full_at, now);
    const Instant after = full_at + interval - now;  // until it would be full again
    Told told;
    told.quota = nanoseconds{window} / interval;
    told.admitted = after <= nanoseconds{window};
    told.remaining = told.admitted ? (nanoseconds{window} - after) / interval : 0;
    told.wait = rounded_up(told.admitted ? after : after - nanoseconds{window});
    if (!told.admitted) {
        ++refused_;
        return told;
    }
    if (found == by_key_.end()) {
        buckets_.push_back({key, full_at + interval});
        by_key_.emplace(key, std::prev(buckets_.end()));
    } else {
        buckets_.splice(buckets_.end(), buckets_, found->second);
        found->second->full_at = full_at + interval;
    }
    return told;
}

// Two at most, so that no request pays for many: it adds one itself.
void Rates::forget_full(Instant now) {
    const auto spare = [&] {
        return !buckets_.empty() &&
               (buckets_.front().full_at <= now || buckets_.size() > options_.most_buckets);
    };
    for (int i = 0; i < 2 && spare(); ++i) {
        by_key_.erase(buckets_.front().key);
        buckets_.pop_front();
    }
}

std::size_t Rates::buckets() const {
    const std::scoped_lock lock{mutex_};
    return buckets_.size();
}

std::uint64_t Rates::refused() const {
    const std::scoped_lock lock{mutex_};
    return refused_;
}

Rates::Told tighter(const Rates::Told& a, const Rates::Told& b) {
    if (a.quota == 0 || b.quota == 0) return a.quota == 0 ? b : a;
    return a.remaining < b.remaining ? a : b;
}

Response too_often(RequestClass which, const Rates::Told& told) {
    auto response = problem(
        429, "too_many_requests",
        fmt::format("more {} than one client may send; the next one is taken in {} s",
                    which == RequestClass::audit ? "requests to the audit" : to_string(which),
                    told.wait.count()));
    response.headers.add("Retry-After", std::to_string(told.wait.count()));
    return response;
}

void tell_rate(Response& response, RequestClass which, const Rates::Told& told) {
    if (told.quota == 0) return;
    response.headers.add("RateLimit-Policy", fmt::format("\"{}\";q={};w={}", to_string(which),
                                                         told.quota, window.count()));
    response.headers.add("RateLimit", fmt::format("\"{}\";r={};t={}", to_string(which),
                                                  told.remaining, told.wait.count()));
}

}  // namespace yeyak::http
