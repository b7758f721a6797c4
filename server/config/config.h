// What an operator can set for `yeyak serve`, and where it comes from.
//
// Sources, weakest first: the defaults below, a TOML file (--config FILE or YEYAK_CONFIG),
// variables of the environment, flags. A key has one name in all of them: payment.timeout_ms in the
// file, YEYAK_PAYMENT_TIMEOUT_MS in the environment, --payment-timeout-ms as a flag. Every key, its
// range and its help text stand once: in the table in config_keys.cc, or in that of the business
// system that it belongs to. An empty text takes a key
// that has no default back to "not set".
//
// Threads: plain values and functions without state. Errors: a key that is unknown or a value that
// does not fit is never ignored; all of them are reported together, one line each.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "kernel/edge/log.h"
#include "kernel/time.h"
#include "server/config/system_settings.h"

namespace CLI {
class App;
}

namespace yeyak::server {

struct LogConfig {
    log::Format format = log::Format::automatic;
    log::Level level = log::Level::info;
    friend bool operator==(const LogConfig&, const LogConfig&) = default;
};

// JSON numbers are exact up to 2^53-1 for every reader (RFC 8259, section 6).
inline constexpr std::int64_t exact_number = 9'007'199'254'740'991;

struct LimitsConfig {
    std::int64_t body_bytes = 1 << 20;
    std::int64_t head_bytes = 8 << 10;
    std::int64_t connections = 10'000;
    std::int64_t connections_per_address = 1'000;
    std::int64_t memory_bytes = 256 << 20;
    std::int64_t feeds = 1'000;
    std::int64_t idle_deadline_ms = 60'000;
    std::int64_t head_deadline_ms = 10'000;
    std::int64_t body_deadline_ms = 30'000;
    std::int64_t write_deadline_ms = 30'000;
    std::int64_t amount = exact_number;  // in won, of one request
    friend bool operator==(const LimitsConfig&, const LimitsConfig&) = default;
};

// How often a second a caller may ask, by what he asks for. 0: as often as he likes. -1: so, too,
// where nobody is asked who he is; else what rates_of() says.
struct RatesConfig {
    std::int64_t reads = -1;
    std::int64_t commands = -1;
    std::int64_t audit = -1;
    std::int64_t callers_of_address = 10;
    friend bool operator==(const RatesConfig&, const RatesConfig&) = default;
};

// What is believed of those who stand between the server and its clients.
struct ProxyConfig {
    std::string field = "x-forwarded";          // or forwarded
    std::optional<std::string> trusted;         // addresses and blocks
    std::optional<std::string> public_address;  // of all links
    friend bool operator==(const ProxyConfig&, const ProxyConfig&) = default;
};

// Who may call the server from a browser, and by which name.
struct HttpConfig {
    std::optional<std::string> hosts;    // besides localhost and the address it listens on
    std::optional<std::string> origins;  // of pages of other sites
    friend bool operator==(const HttpConfig&, const HttpConfig&) = default;
};

// Who may come: everybody (open), or who has a token (jwt). See docs/decisions/0027-front-door.md.
struct AuthConfig {
    std::string mode = "open";                  // or jwt
    std::optional<std::string> issuer;          // of the tokens; not set: the folder's own key
    std::optional<std::filesystem::path> jwks;  // the issuer's keys; not set: it is asked for them
    std::string audience = "yeyak";             // whom a token must be meant for
    bool asks() const { return mode == "jwt"; }
    friend bool operator==(const AuthConfig&, const AuthConfig&) = default;
};

// TLS by the server itself: with a certificate and its key, or not at all.
struct TlsConfig {
    std::optional<std::filesystem::path> cert;
    std::optional<std::filesystem::path> key;
    std::optional<std::filesystem::path> client_ca;
    bool client_required = false;
    friend bool operator==(const TlsConfig&, const TlsConfig&) = default;
};

// What stands before every synchronous call from one context into another.
struct CallsConfig {
    std::int64_t bulkhead = 10;
    std::int64_t breaker_window_ms = 10'000;
    std::int64_t breaker_volume_threshold = 20;
    std::int64_t breaker_error_percent = 50;
    std::int64_t breaker_sleep_ms = 5'000;
    friend bool operator==(const CallsConfig&, const CallsConfig&) = default;
};

struct PaymentConfig {
    std::int64_t timeout_ms = 620;
    std::optional<std::filesystem::path> token_key_file;
    friend bool operator==(const PaymentConfig&, const PaymentConfig&) = default;
};

struct AuditConfig {
    std::optional<std::filesystem::path> key_file;
    std::string origin = "yeyak";
    friend bool operator==(const AuditConfig&, const AuditConfig&) = default;
};

struct BackupConfig {
    std::optional<std::filesystem::path> dir;  // the server writes backups below it, or not at all
    std::int64_t max_bytes_per_s = 0;          // 0: as fast as it goes
    friend bool operator==(const BackupConfig&, const BackupConfig&) = default;
};

// Where the keys of personal fields are; see privacy/.
struct PrivacyConfig {
    std::optional<std::filesystem::path> keys_dir;         // DATA/keys
    std::optional<std::filesystem::path> master_key_file;  // DATA/master.key
    std::optional<std::string> master_key;                 // instead of the file
    friend bool operator==(const PrivacyConfig&, const PrivacyConfig&) = default;
};

struct NotificationConfig {
    std::string adapter = "log";  // or webhook
    std::optional<std::string> webhook_url;
    std::optional<std::filesystem::path> webhook_secret_file;
    std::int64_t timeout_ms = 5'000;
    std::int64_t bulkhead = 10;
    std::int64_t max_attempts = 10;
    std::int64_t backoff_ms = 1'000;  // before the second attempt; doubles, with jitter
    friend bool operator==(const NotificationConfig&, const NotificationConfig&) = default;
};

struct ViewsConfig {
    std::int64_t as_of_max_events = 2'000'000;  // of the log, to be read for one answer
    std::int64_t as_of_builds = 8;              // kept for the next answer
    std::int64_t keep_previous_s = 3'600;       // the build before a switch, for rollback
    std::int64_t rebuild_max_rate = 0;          // events per second; 0: as fast as it can
    std::int64_t rebuild_threads = 1;
    friend bool operator==(const ViewsConfig&, const ViewsConfig&) = default;
};

struct ServeConfig {
    std::filesystem::path data = "./data";
    std::string listen = "127.0.0.1";
    std::int64_t port = 8080;
    std::optional<std::string> system;
    std::optional<Instant> now;
    std::int64_t read_wait_ms = 1'000;
    std::int64_t reply_timeout_ms = 5'000;
    std::int64_t disk_headroom_bytes = 256LL << 20;
    LogConfig log;
    LimitsConfig limits;
    RatesConfig rates;
    HttpConfig http;
    AuthConfig auth;
    TlsConfig tls;
    ProxyConfig proxy;
    ViewsConfig views;
    CallsConfig calls;
    PaymentConfig payment;
    AuditConfig audit;
    BackupConfig backup;
    PrivacyConfig privacy;
    NotificationConfig notification;
    SystemSettings systems;
    // The settings of a system, by their type.
    template <class T>
    const T& of() const {
        return systems.of<T>();
    }
    friend bool operator==(const ServeConfig&, const ServeConfig&) = default;
};

using Settings = std::map<std::string, std::string>;

// The environment of this process.
Settings environment();

// Those of the platform and of all its systems; see config_keys.h.
struct ConfigKey;
using ConfigKeys = std::span<const ConfigKey>;

// `env` is the whole environment: names that do not begin with YEYAK_ are not looked at, except
// those that a key has besides (ConfigKey::variable). `flags` is
// what register_flags() collected: keys as in the file, and "config" for the file itself.
std::expected<ServeConfig, std::string> load_config(ConfigKeys keys, const Settings& env,
                                                    const Settings& flags);

// One flag per key, and --config; what the user gives is put into `flags`, which must outlive the
// parsing. Also sets the failure message of the outermost command: it names the nearest flag.
void register_flags(ConfigKeys keys, CLI::App& app, Settings& flags);

// Every key with its meaning, range and default, as a TOML file that changes nothing.
std::string config_reference(ConfigKeys keys);

}  // namespace yeyak::server
