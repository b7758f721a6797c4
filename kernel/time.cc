#include "kernel/time.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

namespace yeyak {
namespace {

using namespace std::chrono;

constexpr std::int64_t ms_per_day = 86'400'000;
constexpr std::int64_t seoul_offset_ms = 9 * 3'600'000;

std::int64_t floor_days(std::int64_t ms) { return ms / ms_per_day - (ms % ms_per_day < 0 ? 1 : 0); }

// Reads exactly `width` digits off the front of `text`.
std::optional<int> digits(std::string_view& text, std::size_t width) {
    if (text.size() < width) return std::nullopt;
    int value = 0;
    for (const char c : text.substr(0, width)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(width);
    return value;
}

bool skip(std::string_view& text, char expected) {
    if (text.empty() || text.front() != expected) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<Date> read_date(std::string_view& text) {
    const auto y = digits(text, 4);
    if (!y || !skip(text, '-')) return std::nullopt;
    const auto m = digits(text, 2);
    if (!m || !skip(text, '-')) return std::nullopt;
    const auto d = digits(text, 2);
    if (!d) return std::nullopt;
    const year_month_day day{year{*y}, month{static_cast<unsigned>(*m)},
                             std::chrono::day{static_cast<unsigned>(*d)}};
    if (!day.ok()) return std::nullopt;
    return Date{static_cast<std::int32_t>(sys_days{day}.time_since_epoch().count())};
}

// Up to nine digits after the point; only the first three count.
std::optional<int> read_fraction_ms(std::string_view& text) {
    if (!skip(text, '.')) return 0;
    int ms = 0;
    int seen = 0;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9' && seen < 9) {
        if (seen < 3) ms = ms * 10 + (text.front() - '0');
        ++seen;
        text.remove_prefix(1);
    }
    if (seen == 0) return std::nullopt;
    for (; seen < 3; ++seen) ms *= 10;
    return ms;
}

std::optional<std::int64_t> read_offset_ms(std::string_view& text) {
    if (skip(text, 'Z')) return 0;
    const bool east = skip(text, '+');
    if (!east && !skip(text, '-')) return std::nullopt;
    const auto h = digits(text, 2);
    if (!h || *h > 23 || !skip(text, ':')) return std::nullopt;
    const auto m = digits(text, 2);
    if (!m || *m > 59) return std::nullopt;
    const std::int64_t ms = (*h * 60 + *m) * std::int64_t{60'000};
    return east ? ms : -ms;
}

}  // namespace

Date seoul_date(Instant at) {
    return {static_cast<std::int32_t>(floor_days(at.ms + seoul_offset_ms))};
}

std::string to_text(Date day) {
    const year_month_day civil{sys_days{days{day.days}}};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(civil.year()),
                       static_cast<unsigned>(civil.month()), static_cast<unsigned>(civil.day()));
}

std::string to_text(Instant at) {
    const std::int64_t day = floor_days(at.ms);
    const std::int64_t rest = at.ms - day * ms_per_day;
    const auto date = to_text(Date{static_cast<std::int32_t>(day)});
    return fmt::format("{}T{:02}:{:02}:{:02}.{:03}Z", date, rest / 3'600'000, rest / 60'000 % 60,
                       rest / 1000 % 60, rest % 1000);
}

std::optional<Date> parse_date(std::string_view text) {
    const auto day = read_date(text);
    if (!day || !text.empty()) return std::nullopt;
    return day;
}

std::optional<Instant> parse_instant(std::string_view text) {
    const auto day = read_date(text);
    if (!day || !skip(text, 'T')) return std::nullopt;
    const auto h = digits(text, 2);
    if (!h || *h > 23 || !skip(text, ':')) return std::nullopt;
    const auto m = digits(text, 2);
    if (!m || *m > 59 || !skip(text, ':')) return std::nullopt;
    const auto s = digits(text, 2);
    if (!s || *s > 59) return std::nullopt;
    const auto fraction = read_fraction_ms(text);
    if (!fraction) return std::nullopt;
    const auto offset = read_offset_ms(text);
    if (!offset || !text.empty()) return std::nullopt;
    return Instant{day->days * ms_per_day + *h * std::int64_t{3'600'000} + *m * 60'000 + *s * 1000 +
                   *fraction - *offset};
}

}  // namespace yeyak
