// What the program says while it runs: one line per event on the standard error stream.
//
//     log::warning("payment_declined", {{"stream", stream}, {"code", code}, {"ms", 12}},
//     correlation);
//
// A line is a JSON object (ts, level, event, correlation_id, then the fields in the order given),
// or plain text when the stream is a terminal. Event and field names are literals, checked while
// compiling; values are text, whole numbers, decimal numbers or yes/no, and nothing else.
//
// Personal data is never logged: no names, addresses, registration or card numbers, no bodies, no
// queries, no tokens. Log the stream, the position, the code. That is why there is no overload that
// takes a request, an event or a map, and why a text is cut after max_value_bytes.
// Nobody can forge a line: control characters, line ends, invisible direction marks and invalid
// UTF-8 are escaped in both formats.
//
// Threads: start() once, before other threads exist; the rest from any thread, lines never mix.
// Errors: none are reported; a line that cannot be written is lost. Nothing is written before
// start().
#pragma once

#include <concepts>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <initializer_list>
#include <string_view>
#include <variant>

#include "kernel/time.h"

namespace yeyak::log {

enum class Level { debug, info, warning, error };
enum class Format { automatic, json, plain };  // automatic: plain on a terminal, otherwise json

inline constexpr std::size_t max_value_bytes = 1024;

// Small letters, digits and underscores, beginning with a letter.
constexpr bool is_name(std::string_view text) {
    if (text.empty() || text.front() < 'a' || text.front() > 'z') return false;
    for (const char c : text) {
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
    }
    return true;
}

// The names that every line has already.
constexpr bool is_reserved(std::string_view name) {
    return name == "ts" || name == "level" || name == "event" || name == "correlation_id";
}

// A literal that names an event or a field; any other text does not compile.
class Name {
  public:
    template <std::size_t N>
    // NOLINTNEXTLINE(google-explicit-constructor): a literal is the name
    consteval Name(const char (&literal)[N]) : text_(literal, N - 1) {
        if (!is_name(text_) || is_reserved(text_)) throw "not a name for an event or a field";
    }
    constexpr std::string_view text() const { return text_; }

  private:
    std::string_view text_;
};

template <class T>
concept WholeNumber = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>;

struct Field {
    using Value = std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool>;

    constexpr Field(Name n, std::string_view text) : name(n), value(text) {}
    constexpr Field(Name n, std::same_as<bool> auto yes) : name(n), value(yes) {}
    constexpr Field(Name n, std::floating_point auto number)
        : name(n), value(static_cast<double>(number)) {}
    template <WholeNumber T>
    constexpr Field(Name n, T number) : name(n) {
        if constexpr (std::signed_integral<T>) {
            value = static_cast<std::int64_t>(number);
        } else {
            value = static_cast<std::uint64_t>(number);
        }
    }

    Name name;
    Value value;
};

using Fields = std::initializer_list<Field>;
using Clock = std::function<Instant()>;

struct Options {
    Clock clock;  // required; called by the thread that logs
    Level level = Level::info;
    Format format = Format::automatic;
    std::FILE* stream = stderr;  // stays the caller's
};

void start(Options options);

void write(Level level, Name event, Fields fields, std::string_view correlation_id);

inline void debug(Name event, Fields fields = {}, std::string_view correlation_id = {}) {
    write(Level::debug, event, fields, correlation_id);
}
inline void info(Name event, Fields fields = {}, std::string_view correlation_id = {}) {
    write(Level::info, event, fields, correlation_id);
}
inline void warning(Name event, Fields fields = {}, std::string_view correlation_id = {}) {
    write(Level::warning, event, fields, correlation_id);
}
inline void error(Name event, Fields fields = {}, std::string_view correlation_id = {}) {
    write(Level::error, event, fields, correlation_id);
}

}  // namespace yeyak::log
