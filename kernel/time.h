// Time as data. The core never asks a clock: instants arrive in commands, and dates of the business
// are dates in Asia/Seoul (UTC+9, no daylight saving).
#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yeyak {

// Milliseconds since 1970-01-01T00:00:00Z.
struct Instant {
    std::int64_t ms = 0;
    friend auto operator<=>(const Instant&, const Instant&) = default;
    friend Instant operator+(Instant at, std::int64_t later_ms) { return {at.ms + later_ms}; }
};

// A day of the calendar in Asia/Seoul, counted from 1970-01-01.
struct Date {
    std::int32_t days = 0;
    friend auto operator<=>(const Date&, const Date&) = default;
    friend Date operator+(Date day, std::int32_t later) { return {day.days + later}; }
};

Date seoul_date(Instant at);

std::string to_text(Instant at);  // RFC 3339 in UTC: 2026-11-20T11:28:30.123Z
std::string to_text(Date day);    // 2026-11-20

// RFC 3339 with "Z" or an offset; the fraction is optional. Nothing for any other text.
std::optional<Instant> parse_instant(std::string_view text);
std::optional<Date> parse_date(std::string_view text);  // YYYY-MM-DD of a day that exists

}  // namespace yeyak
