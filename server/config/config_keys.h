// A key of the configuration, and what follows from its row in a table: names, types, checks. For
// the parts of the configuration only: config*.cc and the settings of each business system;
// everybody else includes config.h.
//
// Threads: no state. Errors: a reason in words, without the place; the caller knows that.
#pragma once

#include <algorithm>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "server/config/config.h"

namespace yeyak::server {

// Where a value goes. The type of a key is the type of its field, its default what the field holds
// in a fresh ServeConfig.
using Field = std::variant<std::int64_t*, bool*, std::string*, std::filesystem::path*,
                           std::optional<std::string>*, std::optional<std::filesystem::path>*,
                           std::optional<Instant>*, log::Format*, log::Level*>;

using Reason = std::string;

inline constexpr std::int64_t day_ms = 86'400'000;
inline constexpr std::int64_t any_number = std::numeric_limits<std::int64_t>::max();

struct ConfigKey {
    std::string_view path;
    std::string_view help;
    Field (*field)(ServeConfig&);
    std::int64_t min = 0;  // numbers only
    std::int64_t max = 0;  // any_number: no upper bound
    std::optional<Reason> (*refuse)(std::string_view text) =
        nullptr;          // texts only, never empty ones
    bool secret = false;  // has no flag: flags of a process are seen by everybody
    // A variable that sets it besides its own, which is stronger; empty: none.
    std::string_view variable = {};
};

// The field of a system's settings that a key sets: setting<&PhoneshopSettings::delay_ms>.
template <class T, class Member>
Field field_of(ServeConfig& config, Member T::* member) {
    return &(config.systems.of<T>().*member);
}
template <auto Member>
Field setting(ServeConfig& config) {
    return field_of(config, Member);
}

// A word of a fixed choice, as a template argument.
template <std::size_t N>
struct Word {
    constexpr Word(const char (&text)[N]) { std::ranges::copy(text, letters); }
    char letters[N];
};

template <Word A, Word B>
std::optional<Reason> refuse_other_than(std::string_view text) {
    if (text == A.letters || text == B.letters) return std::nullopt;
    return Reason{"must be "} + A.letters + " or " + B.letters;
}

// Those that belong to no business system.
ConfigKeys platform_keys();
const ConfigKey* find_key(ConfigKeys keys, std::string_view path);

std::string variable_of(std::string_view path);  // payment.timeout_ms → YEYAK_PAYMENT_TIMEOUT_MS
std::string flag_of(std::string_view path);      // payment.timeout_ms → --payment-timeout-ms

// Sets one key from a text. On a refusal nothing changes.
std::expected<void, Reason> assign(const ConfigKey& key, ServeConfig& config,
                                   std::string_view text);

bool is_number(const ConfigKey& key);
bool is_truth(const ConfigKey& key);
bool is_instant(const ConfigKey& key);

// What may be written, as the end of a sentence: "from 1 to 60000", "auto, json or plain".
std::string allowed_values(const ConfigKey& key);
// The default as TOML, nothing for a key without one.
std::optional<std::string> default_value(const ConfigKey& key);

}  // namespace yeyak::server
