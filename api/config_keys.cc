// The table. A new setting is a field in config.h and a row here; the file, the environment, the
// flags, the help and the reference follow from the row.
#include "api/config_keys.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace yeyak::api {
namespace {

constexpr std::int64_t day_ms = 86'400'000;

constexpr std::int64_t mebibyte = 1 << 20;

std::optional<Reason> refuse_address(std::string_view text) {
    const std::string address(text);
    in6_addr parsed;
    if (::inet_pton(AF_INET, address.c_str(), &parsed) == 1) return std::nullopt;
    if (::inet_pton(AF_INET6, address.c_str(), &parsed) == 1) return std::nullopt;
    return "must be an IPv4 or IPv6 address";
}

std::optional<Reason> refuse_system(std::string_view text) {
    if (log::is_name(text)) return std::nullopt;
    return "must be the name of a system: small letters, digits and underscores";
}

#define YEYAK_FIELD(member) [](ServeConfig& c) -> Field { return &c.member; }

// Keys outside a table come first: TOML has no way back out of one.
constexpr std::array rows = {
    ConfigKey{"data", "folder of the event store", YEYAK_FIELD(data)},
    ConfigKey{"listen", "address to listen on", YEYAK_FIELD(listen), 0, 0, refuse_address},
    ConfigKey{"port", "TCP port; 0 takes a free one", YEYAK_FIELD(port), 0, 65'535},
    ConfigKey{"system", "system that is served at the root as well as under its own name",
              YEYAK_FIELD(system), 0, 0, refuse_system},
    ConfigKey{"now", "instant at which the program's clock starts; not set: the machine's clock",
              YEYAK_FIELD(now)},
    ConfigKey{"read_wait_ms",
              "how long a query waits for the position it asks for, if it says no time",
              YEYAK_FIELD(read_wait_ms), 0, 60'000},
    ConfigKey{"reply_timeout_ms",
              "how long a command waits for an outcome before it answers without",
              YEYAK_FIELD(reply_timeout_ms), 1, 600'000},
    ConfigKey{"disk_headroom_bytes", "no commands are taken while the disk has less free space",
              YEYAK_FIELD(disk_headroom_bytes), 0, any_number},
    ConfigKey{"log.format", "lines of the log; auto: plain on a terminal, otherwise json",
              YEYAK_FIELD(log.format)},
    ConfigKey{"log.level", "least level that is logged", YEYAK_FIELD(log.level)},
    ConfigKey{"limits.body_bytes", "longest body of a request", YEYAK_FIELD(limits.body_bytes), 1,
              1024 * mebibyte},
    ConfigKey{"limits.head_bytes", "longest request line and header fields together",
              YEYAK_FIELD(limits.head_bytes), 256, mebibyte},
    ConfigKey{"limits.connections", "most connections at a time", YEYAK_FIELD(limits.connections),
              1, 1'000'000},
    ConfigKey{"limits.idle_deadline_ms", "a connection without a request is closed after this time",
              YEYAK_FIELD(limits.idle_deadline_ms), 1, day_ms},
    ConfigKey{"limits.head_deadline_ms", "time for the head of a request to arrive",
              YEYAK_FIELD(limits.head_deadline_ms), 1, day_ms},
    ConfigKey{"limits.body_deadline_ms", "time for the body of a request to arrive",
              YEYAK_FIELD(limits.body_deadline_ms), 1, day_ms},
    ConfigKey{"limits.write_deadline_ms", "time for an answer to leave",
              YEYAK_FIELD(limits.write_deadline_ms), 1, day_ms},
    ConfigKey{"payment.timeout_ms", "time for the payment provider to answer",
              YEYAK_FIELD(payment.timeout_ms), 1, 60'000},
    ConfigKey{"payment.bulkhead", "most calls to the payment provider at a time",
              YEYAK_FIELD(payment.bulkhead), 1, 10'000},
    ConfigKey{"payment.breaker_window_ms", "stretch of time over which the breaker counts",
              YEYAK_FIELD(payment.breaker_window_ms), 1, day_ms},
    ConfigKey{"payment.breaker_volume_threshold", "fewest calls in the window for it to open",
              YEYAK_FIELD(payment.breaker_volume_threshold), 1, 1'000'000},
    ConfigKey{"payment.breaker_error_percent", "share of failed calls at which it opens",
              YEYAK_FIELD(payment.breaker_error_percent), 1, 100},
    ConfigKey{"payment.breaker_sleep_ms", "how long it stays open before it lets one call through",
              YEYAK_FIELD(payment.breaker_sleep_ms), 1, day_ms},
    ConfigKey{"payment.token_key_file", "file with the key that turns card numbers into tokens",
              YEYAK_FIELD(payment.token_key_file)},
    ConfigKey{"prereservation.delivery_days", "days from payment to the expected delivery",
              YEYAK_FIELD(prereservation.delivery_days), 0, 3'650},
    ConfigKey{"prereservation.max_per_user_product",
              "active reservations of one product a user may hold; 0: unlimited",
              YEYAK_FIELD(prereservation.max_per_user_product), 0, 1'000'000},
};

#undef YEYAK_FIELD

}  // namespace

std::span<const ConfigKey> config_keys() { return rows; }

const ConfigKey* find_key(std::string_view path) {
    const auto found = std::ranges::find(rows, path, &ConfigKey::path);
    return found == rows.end() ? nullptr : &*found;
}

std::string variable_of(std::string_view path) {
    std::string name = "YEYAK_";
    for (const char c : path) {
        name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c == '.' ? '_' : c;
    }
    return name;
}

std::string flag_of(std::string_view path) {
    std::string name = "--";
    for (const char c : path) name += c == '.' || c == '_' ? '-' : c;
    return name;
}

}  // namespace yeyak::api
