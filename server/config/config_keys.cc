// The table of what belongs to no business system. A new setting is a field in config.h and a row
// here; the file, the environment, the flags, the help and the reference follow from the row.
#include "server/config/config_keys.h"

#include <algorithm>
#include <array>

#include "audit/proofs/note.h"
#include "kernel/edge/addresses.h"
#include "kernel/edge/hosts.h"
#include "kernel/utf8.h"

namespace yeyak::server {
namespace {

constexpr std::int64_t mebibyte = 1 << 20;

std::optional<Reason> refuse_address(std::string_view text) {
    if (canonical_address(text)) return std::nullopt;
    return "must be an IPv4 or IPv6 address";
}

std::optional<Reason> refuse_hosts(std::string_view text) {
    const auto hosts = parse_hosts(text);
    if (hosts) return std::nullopt;
    return "must be hosts with commas between them, such as reservation,shop.example: " +
           hosts.error();
}

std::optional<Reason> refuse_origins(std::string_view text) {
    const auto origins = parse_origins(text);
    if (origins) return std::nullopt;
    return "must be origins with commas between them, such as https://shop.example: " +
           origins.error();
}

std::optional<Reason> refuse_blocks(std::string_view text) {
    const auto blocks = AddressBlocks::parse(text);
    if (blocks) return std::nullopt;
    return "must be addresses and blocks with commas between them, such as 10.0.0.0/8,::1: " +
           blocks.error();
}

std::optional<Reason> refuse_base_address(std::string_view text) {
    if (is_base_address(text)) return std::nullopt;
    return "must be http:// or https://, a host and perhaps a path, without a slash at its end";
}

// It is compared with what tokens say, byte for byte.
std::optional<Reason> refuse_token_text(std::string_view text) {
    if (is_utf8(text) && !has_control(text) && !text.contains(' ') && text.size() <= 500)
        return std::nullopt;
    return "must be 1 to 500 bytes without spaces";
}

std::optional<Reason> refuse_system(std::string_view text) {
    if (log::is_name(text)) return std::nullopt;
    return "must be the name of a system: small letters, digits and underscores";
}

std::optional<Reason> refuse_origin(std::string_view text) {
    if (audit::is_key_name(text)) return std::nullopt;
    return "must be 1 to 200 bytes without spaces and '+', such as yeyak or example.com/orders";
}

std::optional<Reason> refuse_master_key(std::string_view text) {
    const bool digits = std::ranges::all_of(
        text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
    if (digits && text.size() == 64) return std::nullopt;
    return "must be 64 hexadecimal digits (0-9, a-f)";
}

#define YEYAK_FIELD(member) [](ServeConfig& c) -> Field { return &c.member; }

// Keys outside a table come first: TOML has no way back out of one.
constexpr std::array rows = {
    ConfigKey{"data", "folder of the event store", YEYAK_FIELD(data)},
    ConfigKey{"listen", "address to listen on; a loopback one while auth.mode is open",
              YEYAK_FIELD(listen), 0, 0, refuse_address},
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
    ConfigKey{"limits.connections_per_address",
              "most connections of one address; a request through a trusted proxy counts for its "
              "client",
              YEYAK_FIELD(limits.connections_per_address), 1, 1'000'000},
    ConfigKey{"limits.memory_bytes",
              "what all connections together may hold: bodies, answers, feeds; beyond it 503",
              YEYAK_FIELD(limits.memory_bytes), 16 * mebibyte, any_number},
    ConfigKey{"limits.feeds", "most live feeds at a time, half of them for one address",
              YEYAK_FIELD(limits.feeds), 1, 1'000'000},
    ConfigKey{"limits.idle_deadline_ms", "a connection without a request is closed after this time",
              YEYAK_FIELD(limits.idle_deadline_ms), 1, day_ms},
    ConfigKey{"limits.head_deadline_ms", "time for the head of a request to arrive",
              YEYAK_FIELD(limits.head_deadline_ms), 1, day_ms},
    ConfigKey{"limits.body_deadline_ms", "time for the body of a request to arrive",
              YEYAK_FIELD(limits.body_deadline_ms), 1, day_ms},
    ConfigKey{"limits.write_deadline_ms", "time for an answer to leave",
              YEYAK_FIELD(limits.write_deadline_ms), 1, day_ms},
    ConfigKey{"limits.amount", "greatest amount in won that a request may name",
              YEYAK_FIELD(limits.amount), 1, exact_number},
    ConfigKey{"rates.reads",
              "reading requests a second of one caller, ten times that at once; 0: no limit; -1: "
              "100 with auth.mode jwt, else no limit",
              YEYAK_FIELD(rates.reads), -1, 1'000'000},
    ConfigKey{"rates.commands",
              "commands a second of one caller; -1: 20 with auth.mode jwt, else no limit",
              YEYAK_FIELD(rates.commands), -1, 1'000'000},
    ConfigKey{"rates.audit",
              "requests below /audit a second of one caller; -1: 5 with auth.mode jwt, else no "
              "limit",
              YEYAK_FIELD(rates.audit), -1, 1'000'000},
    ConfigKey{"rates.callers_of_address",
              "how many times as often one address may ask; who has no name counts there alone",
              YEYAK_FIELD(rates.callers_of_address), 1, 1'000},
    ConfigKey{"http.hosts",
              "names by which clients call the server, besides localhost and the address it "
              "listens on",
              YEYAK_FIELD(http.hosts), 0, 0, refuse_hosts},
    ConfigKey{"http.origins",
              "origins of pages of other sites that may use the API from a browser (CORS)",
              YEYAK_FIELD(http.origins), 0, 0, refuse_origins},
    ConfigKey{"auth.mode",
              "who may come: open (everybody, from this machine) or jwt (who has a token)",
              YEYAK_FIELD(auth.mode), 0, 0, refuse_other_than<"open", "jwt">},
    ConfigKey{"auth.issuer",
              "who makes the tokens, and where his keys are asked for (OpenID Connect discovery); "
              "not set: `yeyak auth token`, with the key auth.key in the data folder",
              YEYAK_FIELD(auth.issuer), 0, 0, refuse_token_text},
    ConfigKey{"auth.jwks",
              "file with the issuer's keys (a JWK set), instead of asking him; read again when it "
              "changes",
              YEYAK_FIELD(auth.jwks)},
    ConfigKey{"auth.audience", "whom a token must be meant for (aud)", YEYAK_FIELD(auth.audience),
              0, 0, refuse_token_text},
    ConfigKey{"tls.cert",
              "PEM file with the certificate, then those that lead to a root; with tls.key the "
              "server speaks TLS; read again on SIGHUP",
              YEYAK_FIELD(tls.cert)},
    ConfigKey{"tls.key", "PEM file with the certificate's private key, without a passphrase",
              YEYAK_FIELD(tls.key)},
    ConfigKey{"tls.client_ca",
              "PEM file with those that sign certificates of clients; not set: none is asked for",
              YEYAK_FIELD(tls.client_ca)},
    ConfigKey{"tls.client_required", "whether a client without such a certificate is turned away",
              YEYAK_FIELD(tls.client_required)},
    ConfigKey{"proxy.trusted",
              "addresses and blocks of proxies that are believed when they say who a client is",
              YEYAK_FIELD(proxy.trusted), 0, 0, refuse_blocks},
    ConfigKey{"proxy.field",
              "what those proxies write: x-forwarded (-For, -Proto, -Host) or forwarded (RFC 7239)",
              YEYAK_FIELD(proxy.field), 0, 0, refuse_other_than<"x-forwarded", "forwarded">},
    ConfigKey{"proxy.public_address",
              "what links begin with, such as https://shop.example; not set: as the client sees it",
              YEYAK_FIELD(proxy.public_address), 0, 0, refuse_base_address},
    ConfigKey{"views.keep_previous_s", "how long the build before a switch is kept, to go back to",
              YEYAK_FIELD(views.keep_previous_s), 0, day_ms},
    ConfigKey{"views.rebuild_max_rate",
              "most events a rebuild reads in a second; 0: as many as it can",
              YEYAK_FIELD(views.rebuild_max_rate), 0, any_number},
    ConfigKey{"views.rebuild_threads", "threads that a rebuild beside readers uses",
              YEYAK_FIELD(views.rebuild_threads), 1, 64},
    ConfigKey{"views.as_of_max_events",
              "most events of the log that are read to answer with asOf or a row's history",
              YEYAK_FIELD(views.as_of_max_events), 0, any_number},
    ConfigKey{"views.as_of_builds", "views as of earlier positions that are kept, on disk",
              YEYAK_FIELD(views.as_of_builds), 1, 1'000},
    ConfigKey{"calls.bulkhead", "most synchronous calls into one context at a time",
              YEYAK_FIELD(calls.bulkhead), 1, 10'000},
    ConfigKey{"calls.breaker_window_ms", "stretch of time over which a circuit breaker counts",
              YEYAK_FIELD(calls.breaker_window_ms), 1, day_ms},
    ConfigKey{"calls.breaker_volume_threshold", "fewest calls in the window for it to open",
              YEYAK_FIELD(calls.breaker_volume_threshold), 1, 1'000'000},
    ConfigKey{"calls.breaker_error_percent", "share of failed calls at which it opens",
              YEYAK_FIELD(calls.breaker_error_percent), 1, 100},
    ConfigKey{"calls.breaker_sleep_ms", "how long it stays open before it lets one call through",
              YEYAK_FIELD(calls.breaker_sleep_ms), 1, day_ms},
    ConfigKey{"payment.timeout_ms", "time for the payment provider to answer",
              YEYAK_FIELD(payment.timeout_ms), 1, 60'000},
    ConfigKey{"payment.token_key_file",
              "file with the key that turns card and registration numbers into tokens",
              YEYAK_FIELD(payment.token_key_file)},
    ConfigKey{"audit.key_file",
              "file with the Ed25519 key that signs checkpoints; not set: audit.key in the data "
              "folder",
              YEYAK_FIELD(audit.key_file)},
    ConfigKey{"audit.origin", "name of the log and of its key in checkpoints",
              YEYAK_FIELD(audit.origin), 0, 0, refuse_origin},
    ConfigKey{"backup.dir",
              "folder below which the server may write backups; not set: it takes none",
              YEYAK_FIELD(backup.dir)},
    ConfigKey{"backup.max_bytes_per_s", "how fast a backup is copied at most; 0: no limit",
              YEYAK_FIELD(backup.max_bytes_per_s), 0, any_number},
    ConfigKey{"privacy.keys_dir", "folder with the keys of personal fields; not set: DATA/keys",
              YEYAK_FIELD(privacy.keys_dir)},
    ConfigKey{"privacy.master_key_file",
              "file with the 32 bytes that wrap those keys; not set: DATA/master.key",
              YEYAK_FIELD(privacy.master_key_file)},
    ConfigKey{"privacy.master_key", "the same as 64 hexadecimal digits, instead of a file",
              YEYAK_FIELD(privacy.master_key), 0, 0, refuse_master_key, true},
    ConfigKey{"notification.adapter", "who delivers notifications: log or webhook",
              YEYAK_FIELD(notification.adapter), 0, 0, refuse_other_than<"log", "webhook">},
    ConfigKey{"notification.webhook_url", "where the webhook adapter posts to",
              YEYAK_FIELD(notification.webhook_url)},
    ConfigKey{"notification.webhook_secret_file", "file with the secret that signs the posts",
              YEYAK_FIELD(notification.webhook_secret_file)},
    ConfigKey{"notification.timeout_ms", "time for the receiver to answer",
              YEYAK_FIELD(notification.timeout_ms), 1, 60'000},
    ConfigKey{"notification.bulkhead", "most deliveries at a time",
              YEYAK_FIELD(notification.bulkhead), 1, 10'000},
    ConfigKey{"notification.max_attempts", "failed deliveries after which it is given up",
              YEYAK_FIELD(notification.max_attempts), 1, 1'000},
    ConfigKey{"notification.backoff_ms", "pause before the second attempt; it doubles each time",
              YEYAK_FIELD(notification.backoff_ms), 1, day_ms},
};

#undef YEYAK_FIELD

}  // namespace

ConfigKeys platform_keys() { return rows; }

const ConfigKey* find_key(ConfigKeys keys, std::string_view path) {
    const auto found = std::ranges::find(keys, path, &ConfigKey::path);
    return found == keys.end() ? nullptr : &*found;
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

}  // namespace yeyak::server
