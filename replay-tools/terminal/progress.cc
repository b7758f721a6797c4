#include "replay-tools/terminal/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace yeyak::tools {
namespace {

constexpr std::chrono::milliseconds redraw_after{100};
constexpr std::chrono::seconds line_after{5};
constexpr int bar_cells = 24;

bool silent = false;

std::string time_left(double seconds) {
    const auto whole = static_cast<std::int64_t>(std::max(0.0, seconds));
    if (whole < 60) return fmt::format("{} s", whole);
    if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
    return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

}  // namespace

std::string grouped(std::uint64_t number) {
    auto text = std::to_string(number);
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
        text.insert(static_cast<std::size_t>(at), 1, ',');
    return text;
}

Progress::Progress(std::string what, std::uint64_t total, std::string unit)
    : what_(std::move(what)),
      total_(total),
      unit_(std::move(unit)),
      terminal_(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() { clear(); }

void Progress::silence() { silent = true; }

double Progress::seconds() const {
    return std::chrono::duration<double>(Clock::now() - began_).count();
}

void Progress::clear() {
    if (!drawn_) return;
    fmt::print(stderr, "\r\033[K");
    std::fflush(stderr);
    drawn_ = false;
}

void Progress::reached(std::uint64_t done) {
    if (silent) return;
    const auto now = Clock::now();
    const auto wait = terminal_ ? Clock::duration{redraw_after} : Clock::duration{line_after};
    if (now - shown_ < wait) return;
    shown_ = now;
    show(done);
}

void Progress::show(std::uint64_t done) {
    const double rate = static_cast<double>(done) / std::max(seconds(), 1e-3);
    const double share =
        total_ == 0 ? 1.0 : static_cast<double>(done) / static_cast<double>(total_);
    const auto left =
        rate < 1 ? "?" : time_left(static_cast<double>(total_ - std::min(done, total_)) / rate);
    const auto numbers =
        fmt::format("{:3.0f} %, {} of {} {}, {} {}/s, {} left", share * 100, grouped(done),
                    grouped(total_), unit_, grouped(static_cast<std::uint64_t>(rate)), unit_, left);
    if (!terminal_) {
        fmt::print(stderr, "{}: {}\n", what_, numbers);
        return;
    }
    const int full = static_cast<int>(std::min(1.0, share) * bar_cells);
    fmt::print(stderr, "\r\033[K{} [{:=<{}}{:<{}}] {}", what_, "", full, "", bar_cells - full,
               numbers);
    std::fflush(stderr);
    drawn_ = true;
}

}  // namespace yeyak::tools
